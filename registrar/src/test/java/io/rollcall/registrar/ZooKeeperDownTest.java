package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;

/** ZooKeeper is not there when the application starts or stops. */
final class ZooKeeperDownTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** The promise is 3 s; the rest is for a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Backend SHOP =
            Backend.of("shop.example.com", 8080).address("10.0.0.5").build();

    private static Duration timeToClose(Registrar registrar) {
        long start = System.nanoTime();
        registrar.close();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void aBackendStartsWithoutZooKeeperAndIsRegisteredWhenItComes() throws Exception {
        try (TestingServer server = Servers.stopped();
                Registrar registrar = Registrar.connect(server.getConnectString())) {
            Registration registration = registrar.register(SHOP);
            assertThat(registration.awaitRegistered(Duration.ofMillis(300))).isFalse();
            assertThat(registration.status().phase()).isEqualTo(Phase.PENDING);
            assertThat(registration.status().error().orElseThrow())
                    .isEqualTo("no connection to ZooKeeper at " + server.getConnectString());

            server.start();
            assertThat(registration.awaitRegistered(LONG)).isTrue();
        }
    }

    @Test
    void closingDoesNotWaitForAZooKeeperThatNeverCame() {
        Registrar registrar = Registrar.connect("127.0.0.1:1");
        registrar.register(SHOP);
        assertThat(timeToClose(registrar)).isLessThan(SOON);
    }

    @Test
    void closingDoesNotWaitForAZooKeeperThatWent() throws Exception {
        try (TestingServer server = Servers.started()) {
            Registrar registrar = Registrar.connect(server.getConnectString());
            Registration registration = registrar.register(SHOP);
            assertThat(registration.awaitRegistered(LONG)).isTrue();
            server.stop();
            await().atMost(LONG).until(() -> registration.status().phase() == Phase.SUSPENDED);
            assertThat(timeToClose(registrar)).isLessThan(SOON);
            assertThat(registration.status().phase()).isEqualTo(Phase.LEFT);
        }
    }

    @Test
    void closingDoesNotWaitForAZooKeeperThatSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Registrar registrar = Registrar.connect("127.0.0.1:" + silent.getLocalPort());
            registrar.register(SHOP);
            silent.accept(); // it has called, and gets no answer
            assertThat(timeToClose(registrar)).isLessThan(SOON);
        }
    }

    @Test
    void aNameThatDoesNotResolveIsOneMoreReasonToWait() throws Exception {
        try (Registrar registrar = Registrar.connect("zookeeper.invalid:2181")) {
            assertThat(registrar.register(SHOP).awaitRegistered(Duration.ofMillis(300)))
                    .isFalse();
        }
    }
}
