package io.rollcall.agent.health;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole of it, against real sockets and in real time, so only what has to come in the end is asserted. */
final class HealthTest {
    private static final Settings SETTINGS = new Settings(
            Optional.of(Duration.ofMillis(100)),
            Duration.ofSeconds(5),
            1,
            2,
            true,
            Map.of(),
            Settings.DEFAULTS.eject(),
            Duration.ofMillis(200));

    private final AtomicInteger changes = new AtomicInteger();
    private ServerSocket server;
    private Health health;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        health = new Health(SETTINGS, System::nanoTime, new Random(1), changes::incrementAndGet);
        health.start();
    }

    @AfterEach
    void close() throws IOException {
        health.close();
        server.close();
    }

    @Test
    void aNewOneBecomesFitAndADeadOneUnfitAndFitAgain() throws Exception {
        Candidate candidate = candidate("a", "i1");
        health.follow(Map.of("shop", Set.of(candidate)), false, false);
        awaitFit(candidate);
        int port = server.getLocalPort();
        server.close();
        awaitUnfit(candidate, "Connection refused");
        server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        awaitFit(candidate);
        assertThat(changes.get()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void beforeAnybodyIsFollowedNobodyIsNew() {
        assertThat(health.conditions().of(candidate("a", "i1"))).isInstanceOf(Condition.Fit.class);
        health.follow(Map.of("shop", Set.of(candidate("a", "i1"))), true, true);
        await().atMost(30, SECONDS)
                .until(() -> health.conditions().of(candidate("b", "i2")) instanceof Condition.Fresh);
        assertThat(health.conditions().of(candidate("a", "i1"))).isInstanceOf(Condition.Fit.class);
    }

    @Test
    void aRestartedProcessIsFreshThoughItsAddressIsKnown() {
        health.follow(Map.of("shop", Set.of(candidate("a", "i1"))), false, false);
        awaitFit(candidate("a", "i1"));
        health.follow(Map.of("shop", Set.of(candidate("a", "i2"))), false, false);
        awaitFit(candidate("a", "i2"));
        assertThat(followed()).doesNotContainKey(candidate("a", "i1"));
    }

    @Test
    void whoIsNoLongerFollowedIsNoLongerProbed() throws Exception {
        health.follow(Map.of("shop", Set.of(candidate("a", "i1"))), false, false);
        awaitFit(candidate("a", "i1"));
        health.follow(Map.of("shop", Set.of()), false, false);
        await().atMost(30, SECONDS).until(() -> followed().isEmpty());
        health.follow(Map.of("shop", Set.of(candidate("b", "i1"))), false, false); // its share of probes goes on alone
        awaitFit(candidate("b", "i1"));
    }

    @Test
    void whereAllIsCalmAnAlarmHasThemProbedSoon() throws IOException {
        Settings calm = new Settings(
                SETTINGS.interval(),
                Duration.ofHours(1),
                SETTINGS.timeout(),
                1,
                2,
                true,
                Map.of(),
                SETTINGS.eject(),
                SETTINGS.slowStart());
        AtomicLong ahead = new AtomicLong();
        try (Health patient =
                new Health(calm, () -> System.nanoTime() + ahead.get(), new Random(1), changes::incrementAndGet)) {
            patient.start();
            Candidate candidate = candidate("a", "i1");
            patient.follow(Map.of("shop", Set.of(candidate)), false, false);
            await().atMost(30, SECONDS).until(() -> patient.conditions().of(candidate) instanceof Condition.Fit);
            ahead.set(Duration.ofHours(12).toNanos()); // the next probe is due, and the one after it in an hour
            long before = patient.status(Set.of()).probes();
            await().atMost(30, SECONDS).until(() -> patient.status(Set.of()).probes() > before);
            server.close();
            patient.alarm();
            await().atMost(30, SECONDS).until(() -> patient.conditions().of(candidate) instanceof Condition.Unfit);
        }
    }

    @Test
    void aBurstOfErrorsEjectsWhereNoProbeCanSeeThem() {
        Candidate candidate = candidate("a", "i1");
        health.follow(Map.of("shop", Set.of(candidate)), true, true);
        health.burst(List.of(candidate), "3 of 4 requests got 503");
        awaitUnfit(candidate, "3 of 4 requests got 503");
        awaitFit(candidate);
    }

    @Test
    void anErrorInAStepEndsNeitherTheProbesNorTheOneThatItWasAbout() throws IOException {
        AtomicInteger errors = new AtomicInteger();
        Runnable onceFailing = () -> failOnce(errors, 0);
        Random chance = new Random(1) {
            @Override
            public double nextDouble() {
                failOnce(errors, 1); // when the next probe is to be arranged
                return super.nextDouble();
            }
        };
        health.close();
        health = new Health(SETTINGS, System::nanoTime, chance, onceFailing);
        health.start();
        health.follow(Map.of("shop", Set.of(candidate("a", "i1"))), false, false);
        await().atMost(30, SECONDS).until(() -> errors.get() == 2);
        server.close();
        awaitUnfit(candidate("a", "i1"), "Connection refused");
    }

    private static void failOnce(AtomicInteger errors, int before) {
        if (errors.compareAndSet(before, before + 1)) {
            throw new StackOverflowError("made up");
        }
    }

    @Test
    void aThreadThatMakesNoStepForLongIsSaid() throws IOException {
        AtomicLong later = new AtomicLong();
        CountDownLatch stuck = new CountDownLatch(1);
        health.close();
        health = new Health(SETTINGS, () -> System.nanoTime() + later.get(), new Random(1), () -> waitFor(stuck));
        health.start();
        health.follow(Map.of("shop", Set.of(candidate("a", "i1"))), false, false);
        await().atMost(30, SECONDS)
                .until(() -> health.conditions().of(candidate("b", "i1")) instanceof Condition.Fresh);
        later.set(SECONDS.toNanos(60));
        assertThat(health.status(Set.of()).problem()).matches("nothing has been judged for \\d+ s .*");
        stuck.countDown();
        await().atMost(30, SECONDS)
                .until(() -> health.status(Set.of()).problem().isEmpty());
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void withoutProbesEverybodyIsFit() throws IOException {
        Settings off = new Settings(
                Optional.empty(), SETTINGS.timeout(), 1, 2, true, Map.of(), SETTINGS.eject(), SETTINGS.slowStart());
        try (Health none = new Health(off, System::nanoTime, new Random(1), changes::incrementAndGet)) {
            none.start();
            none.follow(Map.of("shop", Set.of(candidate("a", "i1"))), false, false);
            assertThat(none.conditions()).isEqualTo(Conditions.NONE);
        }
    }

    private void awaitFit(Candidate candidate) {
        await().atMost(30, SECONDS).until(() -> followed().get(candidate) instanceof Condition.Fit);
    }

    private Map<Candidate, Condition> followed() {
        return health.conditions().services().getOrDefault("shop", Map.of());
    }

    private void awaitUnfit(Candidate candidate, String reason) {
        await().atMost(30, SECONDS)
                .until(() -> health.conditions().of(candidate) instanceof Condition.Unfit unfit
                        && unfit.failure().reason().equals(reason));
    }

    private Candidate candidate(String id, String incarnation) {
        return new Candidate("shop", id, incarnation, "127.0.0.1", server.getLocalPort(), "");
    }
}
