package io.rollcall.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backend that is not followed for a while, beside one that has been there for long. */
final class WardTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Candidate OTHER = new Candidate("shop", "a", "", "10.0.0.1", 8080, "");

    private final Ward ward = new Ward(Settings.DEFAULTS, 0);
    private final Candidate candidate = candidate("i1");

    @BeforeEach
    void admit() {
        ward.admit(OTHER, 0, true, true);
        ward.admit(candidate, 0, false, false);
        passed(ward, candidate, 0);
    }

    @Test
    void whoWasDrainedForAMomentPassesAProbeAndGoesOnWithItsSlowStart() {
        assertThat(after(3)).isEqualTo("fit 30");
        ward.dismiss(candidate, 3 * SECOND);
        ward.admit(candidate, 5 * SECOND, false, false);
        assertThat(after(5)).isEqualTo("fresh");
        passed(ward, candidate, 5 * SECOND);
        assertThat(after(5)).isEqualTo("fit 50");
        assertThat(after(10)).isEqualTo("fit 100");
    }

    @Test
    void theMoreAreFollowedTheLongerItTakesToAskAllOfThem() {
        assertThat(ward.round()).isEqualTo(1_000_000L);
        ward.dismiss(candidate, 0);
        assertThat(ward.round()).isEqualTo(500_000L);
    }

    @Test
    void whoHadItsWholeShareHasItAgain() {
        assertThat(after(20)).isEqualTo("fit 100");
        ward.dismiss(candidate, 20 * SECOND);
        ward.admit(candidate, 21 * SECOND, false, false);
        passed(ward, candidate, 21 * SECOND);
        assertThat(after(21)).isEqualTo("fit 100");
    }

    @Test
    void whoDoesNotPassThatProbeIsNew() {
        after(20);
        ward.dismiss(candidate, 20 * SECOND);
        ward.admit(candidate, 21 * SECOND, false, false);
        ward.failed(candidate, Failure.hard("refused"), 21 * SECOND);
        passed(ward, candidate, 22 * SECOND);
        assertThat(after(22)).isEqualTo("fit 10");
    }

    @Test
    void itsEjectionsCountOn() {
        ward.failed(candidate, Failure.hard("refused"), SECOND);
        ward.dismiss(candidate, 2 * SECOND);
        ward.admit(candidate, 3 * SECOND, false, false);
        assertThat(after(3)).isEqualTo("unfit 1");
        passed(ward, candidate, 3 * SECOND);
        ward.failed(candidate, Failure.hard("refused"), 4 * SECOND);
        assertThat(after(4)).isEqualTo("unfit 2");
    }

    @Test
    void afterAMinuteNothingIsRemembered() {
        ward.failed(candidate, Failure.hard("refused"), SECOND);
        ward.dismiss(candidate, 2 * SECOND);
        ward.admit(candidate, 62 * SECOND, false, false);
        assertThat(after(62)).isEqualTo("fresh");
    }

    @Test
    void anotherProcessBeginsAnew() {
        after(20);
        ward.dismiss(candidate, 20 * SECOND);
        ward.admit(candidate("i2"), 20 * SECOND, false, false);
        passed(ward, candidate("i2"), 20 * SECOND);
        assertThat(text(ward.conditions(20 * SECOND).of(candidate("i2")))).isEqualTo("fit 10");
    }

    @Test
    void whereNothingTellsProcessesApartTheNextOneBeginsAnew() {
        Candidate plain = candidate("");
        ward.admit(plain, 0, true, true);
        ward.dismiss(plain, 20 * SECOND);
        ward.admit(plain, 21 * SECOND, false, false);
        assertThat(text(ward.conditions(21 * SECOND).of(plain))).isEqualTo("fresh");
        passed(ward, plain, 21 * SECOND);
        assertThat(text(ward.conditions(21 * SECOND).of(plain))).isEqualTo("fit 10");
    }

    @Test
    void aSlowStartGoesOnAlsoWhereNoProbeIsRequiredFirst() {
        Settings all = Settings.DEFAULTS;
        Ward lax = new Ward(
                new Settings(
                        all.interval(),
                        all.timeout(),
                        all.rise(),
                        all.fall(),
                        false,
                        all.paths(),
                        all.eject(),
                        all.slowStart()),
                0);
        lax.admit(OTHER, 0, true, true);
        lax.admit(candidate, 0, true, false);
        lax.failed(candidate, Failure.hard("refused"), 20 * SECOND);
        passed(lax, candidate, 21 * SECOND);
        assertThat(text(lax.conditions(21 * SECOND).of(candidate))).isEqualTo("fit 10");
        lax.dismiss(candidate, 22 * SECOND);
        lax.admit(candidate, 23 * SECOND, false, false);
        lax.advance(40 * SECOND);
        assertThat(text(lax.conditions(40 * SECOND).of(candidate))).isEqualTo("fit 100");
    }

    @Test
    void theLongerAllIsWellTheLessOftenSomebodyIsConnectedTo() {
        Ward calm = calm();
        assertThat(pause(calm, candidate, 3)).isEqualTo(1);
        assertThat(pause(calm, candidate, 8)).isEqualTo(2);
        assertThat(pause(calm, candidate, 3600)).isEqualTo(10);
    }

    @Test
    void ofVeryManyNobodyIsAskedLessOftenForThat() {
        Ward calm = calm();
        for (int i = 0; i < 10_000; i++) {
            calm.admit(new Candidate("shop" + i, "a", "i1", "10.0.1.1", 8080, ""), 0, true, true);
        }
        assertThat(pause(calm, candidate, 10)).isEqualTo(5);
        assertThat(pause(calm, candidate, 360_000)).isEqualTo(10);
    }

    @Test
    void whoeverFallsIllHasAllBeAskedSoonAgain() {
        Ward calm = calm();
        assertThat(calm.takeAlarm()).isFalse();
        calm.failed(OTHER, Failure.hard("refused"), 3600 * SECOND);
        assertThat(calm.takeAlarm()).isTrue();
        assertThat(calm.takeAlarm()).isFalse();
        assertThat(pause(calm, candidate, 3601)).isEqualTo(1);
        passed(calm, OTHER, 3602 * SECOND);
        calm.failed(OTHER, Failure.hard("refused"), 3603 * SECOND);
        assertThat(calm.takeAlarm()).as("they still are").isFalse();
    }

    @Test
    void whoIsAskedForAPathIsAskedAsOftenAsEver() {
        Ward calm = calm();
        Candidate asked = new Candidate("shop", "c", "i1", "10.0.0.3", 8080, "/health");
        calm.admit(asked, 0, true, true);
        assertThat(pause(calm, asked, 3600)).isEqualTo(1);
    }

    @Test
    void anIntervalThatSomebodyChoseIsKept() {
        assertThat(pause(ward, candidate, 3600)).isEqualTo(1);
        ward.failed(candidate, Failure.hard("refused"), 3600 * SECOND);
        assertThat(ward.takeAlarm()).isFalse();
    }

    private Ward calm() {
        Settings all = Settings.DEFAULTS;
        Ward calm = new Ward(
                new Settings(
                        all.interval(),
                        Duration.ofSeconds(10),
                        all.timeout(),
                        all.rise(),
                        all.fall(),
                        true,
                        all.paths(),
                        all.eject(),
                        all.slowStart()),
                0);
        calm.admit(OTHER, 0, true, true);
        calm.admit(candidate, 0, true, true);
        return calm;
    }

    private static long pause(Ward ward, Candidate candidate, long now) {
        return ward.pause(candidate, track(ward, candidate), now * SECOND) / SECOND;
    }

    private String after(long seconds) {
        ward.advance(seconds * SECOND);
        return text(ward.conditions(seconds * SECOND).of(candidate));
    }

    private static String text(Condition condition) {
        if (condition instanceof Condition.Unfit unfit) {
            return "unfit " + unfit.ejections();
        }
        return condition instanceof Condition.Fit fit ? "fit " + fit.share() : "fresh";
    }

    private static Candidate candidate(String incarnation) {
        return new Candidate("shop", "b", incarnation, "10.0.0.2", 8080, "");
    }

    @Test
    void whoeverIsLeftAloneStartsNoLongerSlowly() {
        assertThat(after(3)).isEqualTo("fit 30");
        ward.dismiss(OTHER, 3 * SECOND);
        assertThat(ward.advance(3 * SECOND)).isEmpty();
        assertThat(after(3)).isEqualTo("fit 100");
    }

    private static void passed(Ward ward, Candidate candidate, long now) {
        ward.passed(candidate, track(ward, candidate), now);
    }

    private static Track track(Ward ward, Candidate candidate) {
        return Objects.requireNonNull(ward.track(candidate));
    }
}
