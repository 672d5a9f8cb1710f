package io.rollcall.deploy.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
    private final Samples samples = new Samples();

    @Test
    void a_quantile_is_the_nearest_rank() {
        for (int value = 200; value >= 1; value--) {
            samples.add(value);
        }

        assertThat(samples.quantile(0)).isEqualTo(1);
        assertThat(samples.quantile(0.5)).isEqualTo(100);
        assertThat(samples.quantile(0.99)).isEqualTo(198);
        assertThat(samples.quantile(1)).isEqualTo(200);
    }

    @Test
    void nothing_measured_is_no_number_and_so_meets_no_expectation() {
        assertThat(samples.quantile(0.99)).isNaN();
        assertThat(samples.millis(0.99) < 50).isFalse();
    }
}
