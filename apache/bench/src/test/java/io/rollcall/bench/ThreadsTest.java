package io.rollcall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    private static final String STAT = "7 (GC Thread#%d) S 1 1 1 0 -1 4 0 0 0 0 %d %d 0 0 20 0 9 0";

    @Test
    void threads_of_a_pool_have_one_name_and_a_name_may_have_brackets() {
        assertThat(Threads.name(STAT.formatted(12, 1, 1))).isEqualTo("GC Thread");
        assertThat(Threads.name("7 (a) b) S 1")).isEqualTo("a) b");
    }

    @Test
    void what_the_kernel_used_is_part_of_what_was_used() {
        assertThat(Threads.used(STAT.formatted(0, 250, 50))).isEqualTo(new Threads.Used(3, 0.5));
    }

    @Test
    void a_thread_that_works_is_found() throws IOException {
        Processes self = Processes.of(ProcessHandle.current().pid());
        Threads before = Threads.of(self);
        Thread thread = new Thread(ThreadsTest::work, "hard-worker-5");
        thread.start();
        double used = 0;
        while (thread.isAlive()) {
            Threads.Used now = Threads.of(self).since(before).byName().get("hard-worker");
            used = now == null ? used : now.seconds();
        }
        assertThat(used).isPositive();
    }

    private static void work() {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 1_000_000_000L) {
            Thread.onSpinWait();
        }
    }
}
