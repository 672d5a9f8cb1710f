package io.rollcall.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatsTest {
    @Test
    void the_median_is_the_middle_or_between_the_two_in_the_middle() {
        assertThat(Stats.of(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5);
        assertThat(Stats.of(List.of(9.0, 1.0, 5.0, 6.0)).median()).isEqualTo(5.5);
    }

    @Test
    void a_quantile_is_the_nearest_rank() {
        Stats hundred =
                Stats.of(IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList());

        assertThat(hundred.quantile(0.5)).isEqualTo(50);
        assertThat(hundred.quantile(0.99)).isEqualTo(99);
        assertThat(hundred.quantile(0)).isEqualTo(1);
        assertThat(hundred.quantile(1)).isEqualTo(100);
    }

    @Test
    void there_is_no_figure_of_nothing() {
        assertThatThrownBy(() -> Stats.of(List.of())).hasMessage("no values (expected: at least one)");
    }
}
