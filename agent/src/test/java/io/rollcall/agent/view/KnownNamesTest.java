package io.rollcall.agent.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class KnownNamesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void aNameThatWentBeforeTheClockWasSetBackIsForgottenInTimeAllTheSame() {
        KnownNames ahead =
                new KnownNames(new TreeMap<>(Map.of("gone.example.com", Optional.of(NOW.plus(Duration.ofDays(3650))))));
        KnownNames known = ahead.update(Set.of(), NOW, WEEK);
        assertThat(known.since()).containsEntry("gone.example.com", Optional.of(NOW));
        assertThat(known.update(Set.of(), NOW.plus(WEEK), WEEK).since()).isEmpty();
    }
}
