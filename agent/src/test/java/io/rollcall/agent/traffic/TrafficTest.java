package io.rollcall.agent.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rollcall.agent.logs.RequestEnd;
import io.rollcall.agent.logs.RequestEnd.Try;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TrafficTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Traffic.Key A = new Traffic.Key("shop.example.com", "10.0.0.1:8080");

    private final List<String> said = new ArrayList<>();
    private long now;
    private final Traffic.Suspicions suspicions = new Traffic.Suspicions() {
        @Override
        public void connectFailed(String serviceKey, String target) {
            said.add("connect " + serviceKey + " " + target);
        }

        @Override
        public void burst(String serviceKey, String target, String what) {
            said.add("burst " + target + " " + what);
        }
    };
    private final Traffic traffic =
            new Traffic(Set.of(502, 503, 504), suspicions, () -> now, () -> Instant.ofEpochSecond(0, now));

    @Test
    void aConnectionThatCouldNotBeMadeIsToldAtOnce() {
        Try none = new Try("", 503, false);
        ends(none, none, false);
        assertThat(said).isEmpty(); // no backend at all
        ends(new Try("10.0.0.1:8080", 503, false), new Try("10.0.0.2:8080", 200, true), true);
        assertThat(said).containsExactly("connect shop.example.com 10.0.0.1:8080");
        assertThat(traffic.reports().get(A).connectFailures()).isOne();
        assertThat(traffic.reports()
                        .get(new Traffic.Key("shop.example.com", "10.0.0.2:8080"))
                        .classes())
                .containsExactly(0, 100, 0, 0, 0);
    }

    @Test
    void theTriesOfABackendAreThoseInAllItsServices() {
        ends(new Try("10.0.0.1:8080", 503, false), new Try("10.0.0.2:8080", 200, true), true);
        ends(new Try("10.0.0.2:8080", 200, true), new Try("10.0.0.2:8080", 200, true), false);
        assertThat(traffic.tries()).isEqualTo(Map.of("10.0.0.1:8080", 1L, "10.0.0.2:8080", 2L));
    }

    @Test
    void aThousandConnectionsThatFailAtOnceAreOneSuspicion() {
        for (int i = 0; i < 1000; i++) {
            now = i * SECOND / 100_000; // ten milliseconds
            ends(new Try("10.0.0.1:8080", 503, false), new Try("10.0.0.1:8080", 503, false), false);
        }
        assertThat(said).hasSize(1);
        now = SECOND / 100;
        ends(new Try("10.0.0.1:8080", 503, false), new Try("10.0.0.1:8080", 503, false), false);
        assertThat(said).hasSize(2);
        assertThat(traffic.reports().get(A).connectFailures()).isEqualTo(1001);
    }

    @Test
    void threeErrorsWithinASecondAreABurstAndToldOnce() {
        for (int i = 0; i < 6; i++) {
            answer(503, i * SECOND / 10);
        }
        assertThat(said).containsExactly("burst 10.0.0.1:8080 3 of 3 requests got 503 or the like");
        answer(503, 2 * SECOND);
        answer(503, 2 * SECOND);
        assertThat(said).hasSize(1);
        answer(503, 2 * SECOND);
        assertThat(said).hasSize(2);
    }

    @Test
    void threeInARowAreABurstHoweverFewRequestsThereAre() {
        answer(200, 0);
        answer(503, SECOND);
        answer(503, 3 * SECOND);
        assertThat(said).isEmpty();
        answer(502, 5 * SECOND);
        assertThat(said).containsExactly("burst 10.0.0.1:8080 3 requests in a row got 502 or the like");
    }

    @Test
    void twoSecondsMayShareABurst() {
        answer(503, 0);
        answer(503, SECOND * 9 / 10);
        answer(503, SECOND);
        assertThat(said).hasSize(1);
    }

    @Test
    void anAnswerThatIsNoErrorEndsTheRow() {
        for (int i = 0; i < 30; i++) {
            answer(i % 3 == 2 ? 200 : 503, i * SECOND);
        }
        assertThat(said).isEmpty();
    }

    @Test
    void threeInARowAmongManyOrOfLongAgoAreNone() {
        for (int i = 0; i < 100; i++) {
            answer(i > 60 && i < 64 ? 503 : 200, 0);
        }
        for (int i = 1; i < 10; i++) {
            answer(503, 6L * i * SECOND);
        }
        assertThat(said).isEmpty();
    }

    @Test
    void whereThereIsNoRoomForAnAccountAFailedConnectionIsStillTold() {
        Traffic full = new Traffic(Set.of(503), suspicions, () -> now, () -> Instant.ofEpochSecond(0, now), 1);
        Try one = new Try("10.0.0.1:8080", 200, true);
        Try other = new Try("10.0.0.2:8080", 503, false);
        full.ended(end(one, one, false, 0));
        full.ended(end(other, other, false, 0));
        assertThat(said).containsExactly("connect shop.example.com 10.0.0.2:8080");
        assertThat(full.reports()).containsOnlyKeys(A);
    }

    @Test
    void aFewErrorsAmongManyAnswersAreNone() {
        for (int i = 0; i < 100; i++) {
            answer(i % 10 == 9 ? 502 : 200, 0);
        }
        assertThat(said).isEmpty();
    }

    @Test
    void anApplicationsOwn500IsNoError() {
        for (int i = 0; i < 10; i++) {
            answer(500, 0);
        }
        assertThat(said).isEmpty();
        assertThat(traffic.reports().get(A).classes()).containsExactly(0, 0, 0, 0, 100);
    }

    @Test
    void ratesAndLatenciesAreOfLately() {
        for (int i = 0; i < 6000; i++) {
            answer(200, i * SECOND / 100);
        }
        now = 60 * SECOND;
        TrafficReport report = traffic.reports().get(A);
        assertThat(report.perSecond()).isCloseTo(100, within(10.0));
        assertThat(report.p50()).isCloseTo(1000, within(125L));
        now = 120 * SECOND;
        assertThat(traffic.reports().get(A).perSecond()).isLessThan(5);
    }

    @Test
    void longIdleBackendsAreForgotten() {
        answer(200, 0);
        now = 601 * SECOND;
        ends(new Try("10.0.0.2:8080", 200, true), new Try("10.0.0.2:8080", 200, true), false);
        assertThat(traffic.reports()).containsOnlyKeys(new Traffic.Key("shop.example.com", "10.0.0.2:8080"));
    }

    /** An agent that was away reads on where it stopped: what its httpd met then is no news. */
    @Test
    void whatEndedLongAgoIsCountedAndTellsNothing() {
        now = 3 * SECOND;
        Try refused = new Try("10.0.0.1:8080", 503, false);
        Try error = new Try("10.0.0.1:8080", 503, true);
        traffic.ended(end(refused, refused, false, 900_000));
        for (int i = 0; i < 5; i++) {
            traffic.ended(end(error, error, false, 900_000));
        }
        assertThat(said).isEmpty();
        assertThat(traffic.reports().get(A).gatewayErrors()).isEqualTo(5);
        traffic.ended(end(error, error, false, 1_100_000));
        traffic.ended(end(refused, refused, false, 1_100_000));
        assertThat(said).containsExactly("connect shop.example.com 10.0.0.1:8080");
    }

    private void answer(int status, long at) {
        now = at;
        ends(new Try("10.0.0.1:8080", status, true), new Try("10.0.0.1:8080", status, true), false);
    }

    private void ends(Try first, Try last, boolean twice) {
        traffic.ended(end(first, last, twice, now / 1000));
    }

    private static RequestEnd end(Try first, Try last, boolean twice, long micros) {
        return new RequestEnd("id", "shop.example.com", first, last, twice, 1000, 77, micros, Optional.empty());
    }
}
