package io.rollcall.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/** Milliseconds of a clock that goes on only when the test says so. */
class CadenceTest {
    private record Task(long at, Runnable run) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::at));
    private final List<Long> begun = new ArrayList<>();
    private final Cadence cadence = new Cadence(Duration.ofMillis(50), this::nanos, this::after, this::publish);
    private long now = -7_000; // such a clock may be before 0
    private long takes = 1;
    private boolean difference = true;

    private long nanos() {
        return Duration.ofMillis(now).toNanos();
    }

    private void after(Duration delay, Runnable run) {
        tasks.add(new Task(now + delay.toMillis(), run));
    }

    private void publish() {
        cadence.begins();
        begun.add(now);
        now += takes;
        if (!difference) {
            cadence.madeNoDifference();
        }
    }

    /** What is due by then is done, in a queue, as the loop does it. */
    private void until(long time) {
        while (!tasks.isEmpty() && tasks.element().at() <= time) {
            Task task = tasks.remove();
            now = Math.max(now, task.at());
            task.run().run();
        }
        now = Math.max(now, time);
    }

    private void changesEachMillisecond(long from, long to) {
        for (long time = from; time < to; time++) {
            until(time);
            cadence.changed();
        }
        until(to + 1_000);
    }

    @Test
    void the_first_change_is_published_at_once() {
        until(0);
        cadence.changed();
        until(0);

        assertThat(begun).containsExactly(0L);
    }

    @Test
    void so_is_one_after_a_quiet_time() {
        until(0);
        cadence.changed();
        until(51);
        cadence.changed();
        until(1_000);

        assertThat(begun).containsExactly(0L, 51L);
    }

    @Test
    void what_comes_soon_after_one_is_gathered_for_the_next() {
        until(0);
        cadence.changed();
        for (long time : new long[] {3, 20, 49}) {
            until(time);
            cadence.changed();
        }
        until(1_000);

        assertThat(begun).containsExactly(0L, 50L);
    }

    @Test
    void a_burst_is_published_twenty_times_a_second_and_its_end_is_not_forgotten() {
        changesEachMillisecond(0, 1_000);

        assertThat(begun).hasSize(21).startsWith(0L, 50L, 100L).endsWith(950L, 1_000L);
    }

    @Test
    void where_a_publication_takes_longer_than_that_one_follows_the_other() {
        takes = 80;
        changesEachMillisecond(0, 400);

        assertThat(begun).startsWith(0L, 80L, 160L, 240L);
    }

    @Test
    void after_one_that_made_no_difference_nobody_waits() {
        difference = false;
        takes = 2;
        until(0);
        cadence.changed();
        until(5);
        cadence.changed();
        until(1_000);

        assertThat(begun).containsExactly(0L, 5L);
    }

    @Test
    void what_changed_while_one_was_made_that_made_no_difference_follows_at_once() {
        until(0);
        cadence.changed();
        tasks.remove();
        cadence.begins();
        now += 2;
        cadence.changed();
        cadence.madeNoDifference();
        until(1_000);

        assertThat(begun).first().isEqualTo(2L);
    }

    @Test
    void a_burst_that_makes_no_difference_takes_half_of_the_time_at_most() {
        difference = false;
        takes = 4;
        changesEachMillisecond(0, 800);

        assertThat(begun).hasSizeBetween(90, 105);
    }
}
