package io.rollcall.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void only_a_run_that_left_nothing_out_may_replace_the_report_of_the_tree() {
        assertThat(Options.of(List.of()).whole()).isTrue();
        assertThat(Options.of(List.of("--rounds", "3")).whole()).isTrue();
        assertThat(Options.of(List.of("--rounds", "2")).whole()).isFalse();
        assertThat(Options.of(List.of("--quick")).whole()).isFalse();
        assertThat(Options.of(List.of("--only", "routing")).whole()).isFalse();
        assertThat(Options.of(List.of("--contender", "nginx")).whole()).isFalse();
        assertThat(Options.of(List.of("--sizes", "10,100000")).whole()).isFalse();
    }

    @Test
    void what_is_said_twice_is_taken_twice() {
        Options options =
                Options.of(List.of("--quick", "--contender", "nginx", "--contender", "haproxy", "--rounds", "7"));

        assertThat(options.contenders()).containsExactly("nginx", "haproxy");
        assertThat(options.rounds()).hasValue(7);
    }

    @Test
    void an_unknown_word_and_a_number_that_is_none_are_refused() {
        assertThatThrownBy(() -> Options.of(List.of("--fast"))).hasMessage("--fast (expected: see --help)");
        assertThatThrownBy(() -> Options.of(List.of("--rounds", "0"))).hasMessage("--rounds: '0' (expected: 1..999)");
        assertThatThrownBy(() -> Options.of(List.of("--sizes", "1,000")))
                .hasMessage("--sizes: '1,000' (expected: as in 10,100000, each at least 10)");
        assertThatThrownBy(() -> Options.of(List.of("--only"))).hasMessage("--only (expected: a value after it)");
    }
}
