package io.rollcall.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void agents_that_read_a_large_tree_anew_do_not_all_begin_in_the_same_moment() {
        List<Duration> waits =
                Stream.generate(() -> Pace.spread(100_000)).limit(1_000).toList();

        assertThat(waits).allMatch(wait -> !wait.isNegative() && wait.compareTo(Duration.ofSeconds(1)) <= 0);
        for (int tenth = 0; tenth < 10; tenth++) {
            Duration from = Duration.ofMillis(100L * tenth);
            assertThat(waits).anyMatch(wait -> wait.compareTo(from) >= 0 && wait.compareTo(from.plusMillis(100)) < 0);
        }
    }

    @Test
    void who_reads_for_the_first_time_or_little_does_not_wait() {
        assertThat(Pace.spread(0)).isZero();
        assertThat(Pace.spread(100)).isLessThanOrEqualTo(Duration.ofMillis(1));
    }

    @Test
    void a_sweep_reads_all_within_half_its_time_but_never_more_than_a_hundred_a_second() {
        assertThat(Pace.perSecond(0, Duration.ofMinutes(1))).isEqualTo(1);
        assertThat(Pace.perSecond(600, Duration.ofMinutes(1))).isEqualTo(21);
        assertThat(Pace.perSecond(100_000, Duration.ofMinutes(1))).isEqualTo(100);
        assertThat(Pace.perSecond(10, Duration.ofMillis(1))).isEqualTo(21);
    }
}
