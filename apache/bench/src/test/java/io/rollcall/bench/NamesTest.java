package io.rollcall.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
    private final Names names = new Names(1000, List.of("127.0.2.1:1", "127.0.2.2:1", "127.0.2.3:1", "127.0.2.4:1"));

    @Test
    void a_name_is_right_at_its_two_places_and_nowhere_else() {
        assertThat(names.home(5)).isEqualTo("127.0.2.2:1");
        assertThat(names.away(5)).isEqualTo("127.0.2.4:1");
        assertThat(names.right("n000005.bench.test", "127.0.2.2:1")).isTrue();
        assertThat(names.right("n000005.bench.test", "127.0.2.4:1")).isTrue();
        assertThat(names.right("n000005.bench.test", "127.0.2.1:1")).isFalse();
        assertThat(names.right("other.test", "127.0.2.2:1")).isFalse();
    }

    @Test
    void where_one_name_is_asked_the_sample_is_that_name() {
        assertThat(names.sample(3, 1, 7)).containsExactly(0, 0, 0);
        assertThat(names.sample(50, 1000, 7))
                .isEqualTo(names.sample(50, 1000, 7))
                .allMatch(number -> number >= 0 && number < 1000);
    }
}
