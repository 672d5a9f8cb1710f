package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.Instance;
import io.rollcall.registry.State;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application does with a registrar while ZooKeeper is well. */
final class RegistrarTest {
    private static final String SHOP = "shop.example.com";
    private static final Duration LONG = Duration.ofSeconds(60);

    private TestingServer server;
    private Tree tree;
    private Registrar registrar;

    @BeforeEach
    void start() throws Exception {
        server = new TestingServer(true);
        tree = new Tree(server.getConnectString());
        registrar = Registrar.connect(server.getConnectString());
    }

    @AfterEach
    void stop() throws Exception {
        registrar.close();
        tree.close();
        server.close();
    }

    private static Backend.Builder shop(int port) {
        return Backend.of(SHOP, port).address("10.0.0.5").linger(Duration.ZERO);
    }

    @Test
    void aBackendIsInTheTreeAsItWasDescribed() throws Exception {
        Registration registration = registrar.register(
                shop(8080).weight(3).version("42").zone("a").metadata("k", "v").build());
        assertThat(registration.awaitRegistered(LONG)).isTrue();

        Instance instance = tree.present(SHOP).get("10.0.0.5-8080");
        assertThat(instance.address()).isEqualTo("10.0.0.5");
        assertThat(instance.port()).isEqualTo(8080);
        assertThat(instance.state()).isEqualTo(State.UP);
        assertThat(instance.weight()).isEqualTo(3);
        assertThat(instance.version()).isEqualTo("42");
        assertThat(instance.zone()).isEqualTo("a");
        assertThat(instance.scheme()).isEqualTo("http");
        assertThat(instance.incarnation()).isNotEmpty();
        assertThat(instance.metadata()).containsEntry("k", "v");
        assertThat(registration.status().phase()).isEqualTo(Phase.REGISTERED);
        assertThat(registration.status().error()).isEmpty();
        assertThat(registration.status().node().orElseThrow())
                .startsWith("/rollcall/services/" + SHOP + "/10.0.0.5-8080~");
    }

    @Test
    void twoRegistrationsShareOneSession() throws Exception {
        Registration one = registrar.register(shop(8080).build());
        Registration two = registrar.register(shop(8081).build());
        assertThat(one.awaitRegistered(LONG) && two.awaitRegistered(LONG)).isTrue();
        assertThat(tree.present(SHOP)).containsOnlyKeys("10.0.0.5-8080", "10.0.0.5-8081");
        assertThat(tree.nodes(SHOP).stream().map(this::owner).distinct()).hasSize(1);
    }

    private long owner(String node) {
        try {
            return tree.owner(SHOP, node);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void stateAndWeightChangeInPlace() throws Exception {
        Registration registration = registrar.register(shop(8080).build());
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        String node = registration.status().node().orElseThrow();

        registration.setWeight(7);
        registration.setState(State.DRAINING);
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        assertThat(tree.present(SHOP).get("10.0.0.5-8080").weight()).isEqualTo(7);
        assertThat(tree.present(SHOP).get("10.0.0.5-8080").state()).isEqualTo(State.DRAINING);
        assertThat(registration.status().node()).hasValue(node);
    }

    @Test
    void manyChangesEndWithTheLast() throws Exception {
        Registration registration = registrar.register(shop(8080).build());
        for (int weight = 0; weight <= 100; weight++) {
            registration.setWeight(weight);
        }
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        assertThat(tree.present(SHOP).get("10.0.0.5-8080").weight()).isEqualTo(100);
    }

    @Test
    void aLeaveIsWrittenFirstAndTheNodeGoesAfterTheLinger() throws Exception {
        Registration registration =
                registrar.register(shop(8080).linger(Duration.ofSeconds(3)).build());
        assertThat(registration.awaitRegistered(LONG)).isTrue();

        CompletableFuture<Boolean> left = CompletableFuture.supplyAsync(registration::leave);
        await().until(() -> tree.present(SHOP).get("10.0.0.5-8080").state() == State.LEFT);
        assertThat(left).isNotDone();
        assertThat(left.get()).isTrue();
        assertThat(tree.nodes(SHOP)).isEmpty();
        assertThat(registration.status().phase()).isEqualTo(Phase.LEFT);
        assertThat(registrar.registrations()).isEmpty();
        assertThatThrownBy(() -> registration.setWeight(1)).isInstanceOf(IllegalStateException.class);
        assertThat(registration.awaitRegistered(LONG)).isFalse();
    }

    @Test
    void theIdIsFreeAgainAfterALeave() throws Exception {
        assertThat(registrar.register(shop(8080).build()).leave()).isTrue();
        assertThat(registrar.register(shop(8080).build()).awaitRegistered(LONG)).isTrue();
        assertThat(tree.present(SHOP)).containsOnlyKeys("10.0.0.5-8080");
    }

    @Test
    void closingTheRegistrarLeavesEverything() throws Exception {
        Registration one = registrar.register(shop(8080).build());
        Registration two = registrar.register(shop(8081).build());
        assertThat(one.awaitRegistered(LONG) && two.awaitRegistered(LONG)).isTrue();
        registrar.close();
        assertThat(tree.nodes(SHOP)).isEmpty();
        assertThat(one.status().phase()).isEqualTo(Phase.LEFT);
        assertThatThrownBy(() -> registrar.register(shop(8080).build())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anAddressIsFoundWhenNoneIsGiven() throws Exception {
        assertThat(registrar
                        .register(Backend.of(SHOP, 8080).linger(Duration.ZERO).build())
                        .awaitRegistered(LONG))
                .isTrue();
        Instance instance = tree.present(SHOP).values().iterator().next();
        assertThat(instance.id()).isEqualTo(instance.address() + "-8080");
    }

    @Test
    void theRootAndItsParentsAreMade() throws Exception {
        try (Registrar elsewhere =
                Registrar.builder(server.getConnectString()).root("/a/b").build()) {
            assertThat(elsewhere.register(shop(8080).build()).awaitRegistered(LONG))
                    .isTrue();
            assertThat(tree.zooKeeper.getChildren("/a/b/services/" + SHOP, false))
                    .hasSize(1);
        }
    }

    @Test
    void aChrootThatIsNotThereIsMade() throws Exception {
        try (Registrar elsewhere = Registrar.connect(server.getConnectString() + "/site")) {
            assertThat(elsewhere.register(shop(8080).build()).awaitRegistered(LONG))
                    .isTrue();
            assertThat(tree.zooKeeper.getChildren("/site/rollcall/services/" + SHOP, false))
                    .hasSize(1);
        }
    }

    @Test
    void aNodeThatWasDeletedByHandComesBack() throws Exception {
        Registration registration = registrar.register(shop(8080).build());
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        String node = registration.status().node().orElseThrow();

        tree.zooKeeper.delete(node, -1);
        await().until(() -> tree.present(SHOP).containsKey("10.0.0.5-8080"));
        await().until(() -> registration.status().phase() == Phase.REGISTERED);
        assertThat(registration.status().node().orElseThrow()).isNotEqualTo(node);
        assertThat(registration.status().lastError().orElseThrow()).contains("deleted by somebody else");
    }

    @Test
    void aNodeThatWasEditedByHandIsPutRight() throws Exception {
        Registration registration = registrar.register(shop(8080).build());
        assertThat(registration.awaitRegistered(LONG)).isTrue();

        int edited = tree.zooKeeper
                .setData(registration.status().node().orElseThrow(), new byte[] {'{', '}'}, -1)
                .getVersion();
        await().until(() -> tree.zooKeeper
                        .exists(registration.status().node().orElseThrow(), false)
                        .getVersion()
                > edited);
        assertThat(tree.present(SHOP).get("10.0.0.5-8080").port()).isEqualTo(8080);
    }
}
