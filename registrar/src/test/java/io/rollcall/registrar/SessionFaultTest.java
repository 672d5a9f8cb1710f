package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that break and sessions that end. */
final class SessionFaultTest {
    private static final String SHOP = "shop.example.com";
    private static final String ID = "10.0.0.5-8080";
    private static final Duration LONG = Duration.ofSeconds(60);

    private InstanceSpec spec;
    private TestingServer server;
    private Tree tree;

    @BeforeEach
    void start() throws Exception {
        spec = Servers.spec();
        server = new TestingServer(spec, true);
        tree = new Tree(server.getConnectString());
    }

    @AfterEach
    void stop() throws Exception {
        tree.close();
        server.close();
    }

    private Registrar registrar(Duration sessionTimeout) {
        return Registrar.builder(server.getConnectString())
                .sessionTimeout(sessionTimeout)
                .build();
    }

    private static Registration register(Registrar registrar) throws InterruptedException {
        Registration registration = registrar.register(
                Backend.of(SHOP, 8080).address("10.0.0.5").linger(Duration.ZERO).build());
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        return registration;
    }

    @Test
    void aConnectionThatComesBackInTimeFindsTheNodeAsItWas() throws Exception {
        try (Registrar registrar = registrar(Duration.ofSeconds(10))) {
            Registration registration = register(registrar);
            String node = registration.status().node().orElseThrow();
            long born = tree.zooKeeper.exists(node, false).getCzxid();

            server.stop();
            await().until(() -> registration.status().phase() == Phase.SUSPENDED);
            assertThat(registration.status().error().orElseThrow())
                    .contains("no connection to ZooKeeper at 127.0.0.1:");
            registration.setWeight(5);
            server.restart();

            assertThat(registration.awaitRegistered(LONG)).isTrue();
            assertThat(registration.status().node()).hasValue(node);
            await().ignoreExceptions().until(() -> tree.zooKeeper.exists(node, false) != null);
            assertThat(tree.zooKeeper.exists(node, false).getCzxid()).isEqualTo(born);
            assertThat(tree.present(SHOP).get(ID).weight()).isEqualTo(5);
        }
    }

    @Test
    void anExpiredSessionIsFollowedByANodeOfTheNext() throws Exception {
        try (Registrar registrar = registrar(Duration.ofSeconds(10))) {
            Registration registration = register(registrar);
            String incarnation = tree.present(SHOP).get(ID).incarnation();
            String node = tree.nodes(SHOP).get(0);
            long session = tree.owner(SHOP, node);

            Tree.expire(server.getConnectString(), session);
            assertThat(tree.owner(SHOP, node)).isZero();

            await().until(() -> tree.present(SHOP).containsKey(ID));
            await().until(() -> registration.status().phase() == Phase.REGISTERED);
            assertThat(tree.nodes(SHOP)).singleElement().isNotEqualTo(node);
            assertThat(tree.owner(SHOP, tree.nodes(SHOP).get(0))).isNotEqualTo(session);
            assertThat(tree.present(SHOP).get(ID).incarnation()).isEqualTo(incarnation);
        }
    }

    /** The server keeps the abandoned session's node for another timeout after it is back: the new one has to be there first. */
    @Test
    void anOutageLongerThanTheSessionLeavesNoGapAndNoOrphan() throws Exception {
        try (Registrar registrar = registrar(Duration.ofSeconds(10))) {
            Registration registration = register(registrar);
            String node = tree.nodes(SHOP).get(0);

            server.stop();
            await().atMost(LONG).until(() -> registration.status().phase() == Phase.PENDING);
            assertThat(registration.status().error().orElseThrow()).startsWith("session lost");
            try (Watchman watchman = new Watchman(tree, SHOP, ID)) {
                server.restart();
                assertThat(registration.awaitRegistered(LONG)).isTrue();
                await().atMost(LONG)
                        .ignoreExceptions()
                        .until(() -> tree.nodes(SHOP).size() == 1);
                assertThat(tree.nodes(SHOP)).doesNotContain(node);
                int so = watchman.readings();
                await().atMost(LONG).until(() -> watchman.readings() > so + 100);
                assertThat(watchman.gap()).isEmpty();
            }
        }
    }

    @Test
    void aZooKeeperThatLostItsDataGetsTheBackendAgain() throws Exception {
        try (Registrar registrar = registrar(Duration.ofSeconds(1))) {
            Registration registration = register(registrar);
            server.close();
            await().atMost(LONG).until(() -> registration.status().phase() == Phase.PENDING);
            try (TestingServer empty = new TestingServer(spec.getPort(), true);
                    Tree fresh = new Tree(empty.getConnectString())) {
                assertThat(registration.awaitRegistered(LONG)).isTrue();
                assertThat(fresh.present(SHOP)).containsOnlyKeys(ID);
            }
        }
    }

    @Test
    void aLeaveWhileTheConnectionIsGoneIsMadeUpFor() throws Exception {
        try (Registrar registrar = registrar(Duration.ofSeconds(10))) {
            Registration registration = register(registrar);
            server.stop();
            await().until(() -> registration.status().phase() == Phase.SUSPENDED);
            assertThat(registration.leave()).isFalse();
            assertThat(registration.status().phase()).isEqualTo(Phase.LEAVING);

            server.restart();
            await().atMost(LONG).until(() -> registration.status().phase() == Phase.LEFT);
            await().ignoreExceptions().until(() -> tree.nodes(SHOP).isEmpty());
        }
    }
}
