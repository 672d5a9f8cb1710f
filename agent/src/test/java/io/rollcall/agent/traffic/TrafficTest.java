package io.rollcall.agent.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TrafficTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Traffic.Key A = new Traffic.Key("shop.example.com", "10.0.0.1:8080");

    private final List<String> said = new ArrayList<>();
    private final Traffic traffic = new Traffic(Set.of(502, 503, 504), new Traffic.Suspicions() {
        @Override
        public void connectFailed(String serviceKey, String target) {
            said.add("connect " + serviceKey + " " + target);
        }

        @Override
        public void burst(String serviceKey, String target, String what) {
            said.add("burst " + target + " " + what);
        }
    });

    @Test
    void aConnectionThatCouldNotBeMadeIsToldAtOnce() {
        line("- - 503 503 - -", 1, 0);
        assertThat(said).isEmpty(); // no backend at all
        line("10.0.0.1:8080 10.0.0.2:8080 503 200 - 40000", 2, 0);
        assertThat(said).containsExactly("connect shop.example.com 10.0.0.1:8080");
        assertThat(traffic.reports(0).get(A).connectFailures()).isOne();
        assertThat(traffic.reports(0)
                        .get(new Traffic.Key("shop.example.com", "10.0.0.2:8080"))
                        .classes())
                .containsExactly(0, 100, 0, 0, 0);
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
        assertThat(traffic.reports(0).get(A).classes()).containsExactly(0, 0, 0, 0, 100);
    }

    @Test
    void ratesAndLatenciesAreOfLately() {
        for (int i = 0; i < 6000; i++) {
            answer(200, i * SECOND / 100);
        }
        TrafficReport report = traffic.reports(60 * SECOND).get(A);
        assertThat(report.perSecond()).isCloseTo(100, within(10.0));
        assertThat(report.p50()).isCloseTo(1000, within(125L));
        assertThat(traffic.reports(120 * SECOND).get(A).perSecond()).isLessThan(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "a b c d e f g h i j k",
                "a b c d e f g h i j k l m",
                "[Mon] b c d e f g h i j k l",
                "           "
            })
    void whatIsNoLineOfItsLogIsLeftOut(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        traffic.line(bytes, 0, bytes.length, 0);
        assertThat(said).isEmpty();
    }

    @Test
    void longIdleBackendsAreForgotten() {
        answer(200, 0);
        traffic.tidy(601 * SECOND);
        assertThat(traffic.reports(0)).isEmpty();
        assertThat(traffic.lines()).isOne();
    }

    private void answer(int status, long now) {
        line("10.0.0.1:8080 10.0.0.1:8080 " + status + " " + status + " 40000 40000", 1, now);
    }

    private void line(String middle, int tries, long now) {
        byte[] bytes = ("id shop.example.com " + middle + " 1000 " + tries + " 77 1700000000000000")
                .getBytes(StandardCharsets.ISO_8859_1);
        traffic.line(bytes, 0, bytes.length, now);
    }
}
