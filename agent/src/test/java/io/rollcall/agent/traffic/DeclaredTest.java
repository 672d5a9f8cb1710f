package io.rollcall.agent.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rollcall.agent.logs.RequestEnd;
import io.rollcall.agent.logs.RequestEnd.Try;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DeclaredTest {
    private static final String A = "10.0.0.1:8080";
    private static final String B = "10.0.0.2:8080";

    private long now;
    private final Declared declared = new Declared(() -> now);

    @Test
    void aRequestCountsByTheVersionThatItsOwnHttpdHasRead() {
        declared.version("old", Set.of(A));
        declared.version("new", Set.of(A, B));
        for (int i = 0; i < 3; i++) {
            ends(A, "old");
        }
        ends(B, "old");
        assertThat(declared.report()).isEqualTo(new DeclaredReport(2, Optional.of(1), 0.75, 0.25, false));
        ends(B, "new");
        assertThat(declared.report()).isEqualTo(new DeclaredReport(2, Optional.of(2), 0.8, 0.2, false));
    }

    @Test
    void ofAVersionThatNobodyTellsOfNothingIsSaid() {
        declared.version("new", Set.of(A));
        ends(A, "before this agent");
        declared.ended(end(new Try(A, 200, true), new Try(A, 200, true), false, Optional.empty()));
        assertThat(declared.report()).isEqualTo(new DeclaredReport(1, Optional.empty(), 0, 0, false));
    }

    @Test
    void anHttpdThatHasReadNoneHasNoneDeclared() {
        declared.version("new", Set.of(A));
        ends(A, "");
        assertThat(declared.report()).isEqualTo(new DeclaredReport(1, Optional.of(0), 0, 1, false));
    }

    @Test
    void theVersionThatHttpdUsesIsKeptHoweverManyItNeverReads() {
        declared.version("used", Set.of(A));
        ends(A, "used");
        for (int i = 0; i < 1000; i++) {
            declared.version("v" + i, Set.of(B));
        }
        ends(A, "used");
        assertThat(declared.report()).isEqualTo(new DeclaredReport(1, Optional.of(0), 1, 0, false));
        ends(A, "v0");
        assertThat(declared.report().read()).as("one of long ago").isEmpty();
    }

    @Test
    void onlyTriesThatGotAConnectionCount() {
        declared.version("v", Set.of(B));
        declared.ended(end(new Try(A, 503, false), new Try(B, 200, true), true, Optional.of("v")));
        declared.ended(end(new Try("", 404, false), new Try("", 404, false), false, Optional.of("v")));
        assertThat(declared.report()).isEqualTo(new DeclaredReport(1, Optional.of(1), 1, 0, false));
    }

    @Test
    void whatIsLongAgoNoLongerCounts() {
        declared.version("v", Set.of(A));
        ends(B, "v");
        now = 20_000_000_000L;
        ends(A, "v");
        assertThat(declared.report().declared()).isCloseTo(0.8, within(0.001));
        now = 1_000_000_000_000L;
        assertThat(declared.report()).isEqualTo(new DeclaredReport(1, Optional.of(1), 0, 0, true));
    }

    private void ends(String backend, String version) {
        Try one = new Try(backend, 200, true);
        declared.ended(end(one, one, false, Optional.of(version)));
    }

    private static RequestEnd end(Try first, Try last, boolean twice, Optional<String> workers) {
        return new RequestEnd("id", "shop.example.com", first, last, twice, 1000, 77, 0, workers);
    }
}
