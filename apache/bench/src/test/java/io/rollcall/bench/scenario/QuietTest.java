package io.rollcall.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuietTest {
    @Test
    void time_that_the_hypervisor_took_is_busy_time_and_told_apart() {
        Quiet.Ticks before = Quiet.Ticks.of("cpu  1000 0 1000 9000 100 10 100 50 0 0");
        Quiet.Ticks after = Quiet.Ticks.of("cpu  1050 5 1020 9080 120 10 105 70 0 0");

        Quiet.Ticks between = after.since(before);

        assertThat(between).isEqualTo(new Quiet.Ticks(200, 100, 20));
        assertThat(between.busyPercent()).isEqualTo(50);
        assertThat(between.stolenPercent()).isEqualTo(20);
    }
}
