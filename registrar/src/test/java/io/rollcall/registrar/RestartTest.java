package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.State;
import java.time.Duration;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;

/** A process that is killed and started again before ZooKeeper has noticed. */
final class RestartTest {
    private static final String SHOP = "shop.example.com";
    private static final String ID = "10.0.0.5-8080";

    /** The server that is killed. */
    static final class Main {
        public static void main(String[] args) throws Exception {
            Registrar registrar = Registrar.builder(args[0])
                    .sessionTimeout(Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 2))
                    .build();
            Registration registration = registrar.register(
                    Backend.of(SHOP, 8080).address("10.0.0.5").build());
            System.out.println(registration.awaitRegistered(Duration.ofSeconds(60)));
            Thread.currentThread().join();
        }
    }

    @Test
    void aFastRestartHasNoGapAndLeavesNoOrphan() throws Exception {
        try (TestingServer server = Servers.started();
                Tree tree = new Tree(server.getConnectString());
                Child first = new Child(Main.class, server.getConnectString())) {
            assertThat(first.line()).isEqualTo("true");
            String node = tree.nodes(SHOP).get(0);
            String incarnation = tree.present(SHOP).get(ID).incarnation();
            try (Watchman watchman = new Watchman(tree, SHOP, ID)) {
                try (Child second = new Child(Main.class, server.getConnectString())) {
                    // Started before the first is dead, so that the machine's speed decides nothing.
                    assertThat(second.line()).isEqualTo("true");
                    first.kill();
                    assertThat(tree.nodes(SHOP)).hasSize(2);
                    assertThat(tree.present(SHOP).get(ID).incarnation()).isNotEqualTo(incarnation);

                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> tree.nodes(SHOP).size() == 1);
                    assertThat(tree.nodes(SHOP)).doesNotContain(node);
                    int so = watchman.readings();
                    await().until(() -> watchman.readings() > so + 100);
                    assertThat(watchman.gap()).isEmpty();
                }
            }
        }
    }

    @Test
    void aLeaveDoesNotBringTheKilledPredecessorBack() throws Exception {
        try (TestingServer server = new TestingServer(true);
                Tree tree = new Tree(server.getConnectString());
                Child first = new Child(Main.class, server.getConnectString(), "60");
                Registrar second = Registrar.connect(server.getConnectString())) {
            assertThat(first.line()).isEqualTo("true");
            String orphan = tree.nodes(SHOP).get(0);
            first.kill();
            Registration registration = second.register(Backend.of(SHOP, 8080)
                    .address("10.0.0.5")
                    .linger(Duration.ZERO)
                    .build());
            assertThat(registration.awaitRegistered(Duration.ofSeconds(60))).isTrue();
            assertThat(tree.nodes(SHOP)).hasSize(2);

            assertThat(registration.leave()).isTrue();
            assertThat(tree.nodes(SHOP)).containsExactly(orphan);
            assertThat(tree.present(SHOP).get(ID).state()).isEqualTo(State.LEFT);
        }
    }

    @Test
    void aLeaveLeavesTheSuccessorAlone() throws Exception {
        try (TestingServer server = Servers.started();
                Tree tree = new Tree(server.getConnectString());
                Registrar first = Registrar.connect(server.getConnectString());
                Registrar second = Registrar.connect(server.getConnectString())) {
            Backend backend = Backend.of(SHOP, 8080)
                    .address("10.0.0.5")
                    .linger(Duration.ZERO)
                    .build();
            Registration former = first.register(backend);
            assertThat(former.awaitRegistered(Duration.ofSeconds(60))).isTrue();
            assertThat(second.register(backend).awaitRegistered(Duration.ofSeconds(60)))
                    .isTrue();
            try (Watchman watchman = new Watchman(tree, SHOP, ID)) {
                assertThat(former.leave()).isTrue();
                assertThat(tree.nodes(SHOP)).hasSize(1);
                int so = watchman.readings();
                await().until(() -> watchman.readings() > so + 100);
                assertThat(watchman.gap()).isEmpty();
            }
        }
    }

    @Test
    void aKilledProcessIsGoneWhenItsSessionIs() throws Exception {
        try (TestingServer server = Servers.started();
                Tree tree = new Tree(server.getConnectString());
                Child only = new Child(Main.class, server.getConnectString())) {
            assertThat(only.line()).isEqualTo("true");
            only.kill();
            assertThat(tree.present(SHOP)).containsKey(ID);
            await().atMost(Duration.ofSeconds(60)).until(() -> tree.nodes(SHOP).isEmpty());
        }
    }
}
