package io.rollcall.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void everything_has_a_default() {
        assertThat(Options.parse(new String[0])).isEqualTo(new Options(false, false, OptionalInt.empty()));
    }

    @Test
    void a_port_is_a_port() {
        assertThat(Options.parse(new String[] {"--check", "--port", "8080"}))
                .isEqualTo(new Options(true, false, OptionalInt.of(8080)));
        assertThatThrownBy(() -> Options.parse(new String[] {"--port", "70000"}))
                .hasMessage("--port: 70000 (expected: 1..65535)");
        assertThatThrownBy(() -> Options.parse(new String[] {"--port"})).hasMessageContaining("nothing");
    }

    @Test
    void what_is_not_known_is_refused() {
        assertThatThrownBy(() -> Options.parse(new String[] {"--chekc"})).hasMessageContaining("--chekc");
    }
}
