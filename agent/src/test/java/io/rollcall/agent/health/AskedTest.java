package io.rollcall.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of many names, beside one where each of them is looked at after each probe. */
final class AskedTest {
    private static final long SECOND = 1_000_000_000L;

    private final Random random = new Random(1);
    private final Ward ward = new Ward(Settings.DEFAULTS, 0);
    private final Ward other = new Ward(Settings.DEFAULTS, 0);
    private final Asked asked = new Asked();
    private final Map<Candidate, Long> all = new HashMap<>(); // followed since when
    private boolean removed;

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 60})
    void whateverHappensAllAreAsIfEachHadBeenLookedAt(int names) {
        long now = 0;
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(10) == 0 ? random.nextLong(70 * SECOND) : random.nextLong(SECOND / 2);
            Candidate candidate = candidate(random.nextInt(names));
            switch (random.nextInt(12)) {
                case 0 -> add(candidate, now);
                case 1 -> remove(candidate, now);
                case 2 -> suspect(candidate);
                case 3 -> burst(candidate, now);
                case 4 -> heard(failed(), now);
                case 5 -> heard(new Outcome.NotMade("no file descriptor"), now);
                default -> heard(new Outcome.Passed(), now);
            }
            assertThat(asked.isEmpty()).isEqualTo(all.isEmpty());
            assertThat(asked.inDoubt())
                    .isEqualTo(all.keySet().stream()
                            .anyMatch(each ->
                                    ward.isFit(each) && track(other, each).inDoubt()));
            for (Candidate each : all.keySet()) {
                assertThat(track(ward, each).condition())
                        .isEqualTo(track(other, each).condition());
            }
        }
    }

    private void add(Candidate candidate, long now) {
        if (!asked.contains(candidate)) {
            asked.add(candidate, now, ward.admit(candidate, now, false, false));
            other.admit(candidate, now, false, false);
            all.put(candidate, now);
        }
    }

    private void remove(Candidate candidate, long now) {
        asked.remove(candidate);
        ward.dismiss(candidate, now);
        other.dismiss(candidate, now);
        removed |= all.remove(candidate) != null;
    }

    private void suspect(Candidate candidate) {
        ward.suspect(candidate);
        other.suspect(candidate);
        asked.open(candidate);
    }

    private void burst(Candidate candidate, long now) {
        ward.failed(candidate, Failure.traffic("errors"), now);
        other.failed(candidate, Failure.traffic("errors"), now);
        asked.open(candidate);
    }

    private void heard(Outcome outcome, long now) {
        long startedAt = now - random.nextLong(SECOND / 10);
        long pause = Long.MAX_VALUE;
        for (Map.Entry<Candidate, Long> entry : all.entrySet()) {
            Candidate each = entry.getKey();
            boolean concerned = startedAt - entry.getValue() >= 0;
            if (concerned && outcome instanceof Outcome.Passed) {
                other.passed(each, track(other, each), now);
            } else if (concerned && outcome instanceof Outcome.Failed failed) {
                other.failed(each, failed.failure(), now);
            }
            pause = concerned ? Math.min(pause, other.pause(each, track(other, each), now)) : 0;
        }
        long found = asked.heard(outcome, startedAt, ward, now);
        if (removed) {
            assertThat(found).as("rather too soon").isLessThanOrEqualTo(pause);
        } else {
            assertThat(found).isEqualTo(pause);
        }
    }

    private Outcome failed() {
        return new Outcome.Failed(random.nextBoolean() ? Failure.hard("refused") : Failure.silent("no answer"));
    }

    private static Track track(Ward ward, Candidate candidate) {
        return Objects.requireNonNull(ward.track(candidate));
    }

    private static Candidate candidate(int i) {
        return new Candidate("name-" + i, "b", "i", "10.0.0.1", 8080, "");
    }
}
