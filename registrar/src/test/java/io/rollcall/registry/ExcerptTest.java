package io.rollcall.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExcerptTest {
    @Test
    void whatATerminalOrALogWouldObeyIsReplaced() {
        assertThat(Excerpt.line("a\nb\rc\u001b[2Jd\u009b2Je\u202ef\u2028g")).isEqualTo("a?b?c?[2Jd?2Je?f?g");
        assertThat(Excerpt.line("shöp, 名前")).isEqualTo("shöp, 名前");
    }

    @Test
    void longTextIsCut() {
        assertThat(Excerpt.of("x".repeat(5000))).hasSize(203).endsWith("...");
    }
}
