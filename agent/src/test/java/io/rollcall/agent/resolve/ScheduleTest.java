package io.rollcall.agent.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void equalWeightsTakeTurns() {
        assertThat(Schedule.of(new int[] {1, 1, 1})).containsExactly(0, 1, 2);
        assertThat(Schedule.of(new int[] {7, 7})).containsExactly(0, 1);
    }

    @Test
    void aHeavyBackendIsInterleavedWithTheOthers() {
        assertThat(Schedule.of(new int[] {5, 1, 1})).containsExactly(0, 0, 0, 1, 0, 0, 2);
        assertThat(Schedule.of(new int[] {2, 1})).containsExactly(0, 0, 1);
    }

    @Test
    void inACycleEachHasExactlyItsShare() {
        Random random = new Random(1);
        for (int n = 1; n <= 500; n = n * 2 + 1) {
            int[] weights = random.ints(n, 1, 101).toArray();
            int[] turns = new int[n];
            int[] order = Schedule.of(weights);
            for (int backend : order) {
                turns[backend]++;
            }
            int cycles = Arrays.stream(weights).sum() / order.length;
            assertThat(Arrays.stream(turns).map(t -> t * cycles).toArray()).isEqualTo(weights);
        }
    }

    @Test
    void noBackendWaitsMuchLongerThanItsShareSays() {
        int[] weights = new Random(2).ints(100, 1, 101).toArray();
        int[] order = Schedule.of(weights);
        int[] last = new int[weights.length];
        Arrays.fill(last, -1);
        for (int t = 0; t < order.length * 2; t++) {
            int backend = order[t % order.length];
            if (last[backend] >= 0) {
                double fair = (double) order.length / weights[backend];
                assertThat(t - last[backend]).isLessThan((int) (fair * 1.5) + 2);
            }
            last[backend] = t;
        }
    }
}
