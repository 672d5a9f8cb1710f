package io.rollcall.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** The state machine and the guard over minutes, in steps of 10 ms, with made-up backends; the same at every run. */
final class SimulationTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;
    private static final Outcome PASSED = new Outcome.Passed();
    private static final Outcome REFUSED = new Outcome.Failed(Failure.hard("refused"));
    private static final Outcome SILENT = new Outcome.Failed(Failure.silent("silent"));

    private final Random chance = new Random(4);
    private final Settings settings = Settings.DEFAULTS;
    private final Ward ward = new Ward(settings, 0);
    private final List<Candidate> service = new ArrayList<>();
    private final Map<Candidate, Long> due = new HashMap<>();
    private final Map<Candidate, Integer> changes = new HashMap<>();
    private final Map<Candidate, Long> routed = new HashMap<>();
    private long emptied;
    private boolean held;

    @Test
    void aBackendThatFlapsEverySecondIsMostlyOutAndChangesLessAndLess() {
        backends(3);
        run(120, (i, now) -> i == 0 && (now / SECOND) % 2 == 1 ? REFUSED : PASSED);
        assertThat(changes.get(service.get(0))).isBetween(4, 24); // it went down 60 times
        assertThat(routed.get(service.get(0))).isLessThan(20 * SECOND);
        assertThat(changes.get(service.get(1))).isZero();
        assertThat(changes.get(service.get(2))).isZero();
    }

    @Test
    void lossOfFivePerCentOfTheProbesEjectsRarelyAndNeverManyAtOnce() {
        backends(20);
        run(120, (i, now) -> chance.nextDouble() < 0.05 ? SILENT : PASSED);
        int all = changes.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(all).isLessThan(50); // of some 2,400 probes
        assertThat(emptied).isZero();
        assertThat(held).isFalse();
    }

    @Test
    void whenEveryBackendDiesAllStayRoutedAndTheFirstThatIsBackIsAlone() {
        backends(4);
        run(20, (i, now) -> now > 10 * SECOND && !(i == 2 && now > 15 * SECOND) ? REFUSED : PASSED);
        assertThat(emptied).isZero();
        assertThat(sentAt(20 * SECOND)).containsExactly(service.get(2));
    }

    private List<Candidate> sentAt(long now) {
        Map<Candidate, Verdict> verdicts =
                Guard.rule(service, ward.conditions(now), 50).verdicts();
        return service.stream()
                .filter(candidate -> verdicts.get(candidate) instanceof Verdict.Send)
                .toList();
    }

    @Test
    void howeverOftenAllDieTheFirstThatIsBackIsAloneAtOnce() {
        backends(3);
        run(
                60,
                (i, now) -> now % (10 * SECOND) > 5 * SECOND && !(i == 1 && now % (10 * SECOND) > 9 * SECOND)
                        ? REFUSED
                        : PASSED);
        assertThat(emptied).isZero();
        assertThat(sentAt(60 * SECOND)).containsExactly(service.get(1));
    }

    @Test
    void whenAllFallSilentForThisHostNothingChangesForLong() {
        backends(20);
        run(60, (i, now) -> now > 10 * SECOND && now < 40 * SECOND && i < 19 ? SILENT : PASSED);
        assertThat(held).isTrue();
        long least = routed.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        assertThat(least).isGreaterThan(55 * SECOND);
        assertThat(ward.conditions(60 * SECOND).heldSince()).isEmpty();
    }

    @Test
    void whereSomeAnswerThoseWhoDoNotAreOutUpToTheShareThatMayBe() {
        backends(6);
        run(60, (i, now) -> now > 10 * SECOND && now < 40 * SECOND && i < 4 ? SILENT : PASSED);
        assertThat(held).isFalse();
        assertThat(emptied).isZero();
        assertThat(routed.values().stream().filter(time -> time < 40 * SECOND)).hasSize(3);
    }

    private void backends(int number) {
        for (int i = 0; i < number; i++) {
            Candidate candidate = new Candidate("shop", "b" + i, "", "10.0.0." + (i + 1), 8080, "");
            service.add(candidate);
            ward.admit(candidate, 0, true, true);
            due.put(candidate, (long) (chance.nextDouble() * SECOND));
            changes.put(candidate, 0);
            routed.put(candidate, 0L);
        }
    }

    private void run(int seconds, BiFunction<Integer, Long, Outcome> world) {
        Map<Candidate, Boolean> before = new HashMap<>();
        for (long now = 0; now < seconds * SECOND; now += 10 * MILLI) {
            for (int i = 0; i < service.size(); i++) {
                if (due.get(service.get(i)) <= now) {
                    probe(service.get(i), world.apply(i, now), now);
                }
            }
            ward.advance(now);
            Conditions conditions = ward.conditions(now);
            held |= conditions.heldSince().isPresent();
            Map<Candidate, Verdict> verdicts =
                    Guard.rule(service, conditions, 50).verdicts();
            boolean none = true;
            for (Candidate candidate : service) {
                boolean sent = verdicts.get(candidate) instanceof Verdict.Send;
                none &= !sent;
                routed.merge(candidate, sent ? 10 * MILLI : 0, Long::sum);
                if (before.getOrDefault(candidate, sent) != sent) {
                    changes.merge(candidate, 1, Integer::sum);
                }
                before.put(candidate, sent);
            }
            emptied += none ? 1 : 0;
        }
    }

    private void probe(Candidate candidate, Outcome outcome, long now) {
        Track track = Objects.requireNonNull(ward.track(candidate));
        if (outcome instanceof Outcome.Failed failed) {
            ward.failed(candidate, failed.failure(), now);
        } else {
            ward.passed(candidate, track, now);
        }
        due.put(candidate, now + (long) (ward.pause(candidate, track, now) * (0.8 + 0.4 * chance.nextDouble())));
    }
}
