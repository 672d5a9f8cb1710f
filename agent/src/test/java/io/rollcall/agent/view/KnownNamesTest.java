package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KnownNamesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void aNameThatWentBeforeTheClockWasSetBackIsForgottenInTimeAllTheSame() {
        KnownNames ahead = KnownNames.of(Map.of("gone.example.com", Optional.of(NOW.plus(Duration.ofDays(3650)))));
        KnownNames known = ahead.forget(NOW, WEEK);
        assertThat(known.since()).containsEntry("gone.example.com", Optional.of(NOW));
        assertThat(known.forget(NOW.plus(WEEK), WEEK).since()).isEmpty();
    }
}
