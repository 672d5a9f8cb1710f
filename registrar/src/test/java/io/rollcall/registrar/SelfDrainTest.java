package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.drain.Drain;
import io.rollcall.drain.Drains;
import io.rollcall.drain.FakeAgent;
import io.rollcall.registry.Ack.Stage;
import io.rollcall.registry.Order;
import io.rollcall.registry.OrderCodec;
import io.rollcall.registry.State;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backend that drains itself before it leaves. */
final class SelfDrainTest {
    private static final String SHOP = "shop.example.com";
    private static final String ID = "10.0.0.5-8080";
    private static final Duration LONG = Duration.ofSeconds(60);

    private final InFlight inFlight = new InFlight();
    private InstanceSpec spec;
    private TestingServer server;
    private Tree tree;
    private Orders orders;
    private Registrar registrar;
    private Registration registration;

    @BeforeEach
    void start() throws Exception {
        spec = Servers.spec();
        server = new TestingServer(spec, true);
        tree = new Tree(server.getConnectString());
        orders = new Orders(tree, SHOP, ID);
        registrar = Registrar.connect(server.getConnectString());
        registration = register(8080, inFlight);
    }

    private Registration register(int port, InFlight counter) throws InterruptedException {
        Backend backend =
                Backend.of(SHOP, port).address("10.0.0.5").linger(Duration.ZERO).build();
        Registration one = registrar.register(backend, counter);
        assertThat(one.awaitRegistered(LONG)).isTrue();
        return one;
    }

    @AfterEach
    void stop() throws Exception {
        registrar.close();
        tree.close();
        server.close();
    }

    private FakeAgent agent() throws Exception {
        return new FakeAgent(server.getConnectString(), "web-1");
    }

    private void awaitOrder() {
        await().atMost(LONG).ignoreExceptions().until(() -> orders.stat() != null && inFlight.isDraining());
    }

    private Order order() throws Exception {
        return OrderCodec.decode(tree.zooKeeper.getData(orders.path(), false, null));
    }

    @Test
    void itIsOrderedAndProvedAsAnyOtherDrain() throws Exception {
        try (FakeAgent agent = agent()) {
            InFlight.Request request = inFlight.enter();
            SelfDrain drain = registration.drain();
            awaitOrder();
            assertThat(order().action()).isEqualTo(Order.Action.DRAIN);
            assertThat(order().by()).isEqualTo("registrar of shop.example.com/10.0.0.5-8080");
            assertThat(order().incarnation())
                    .isEqualTo(tree.present(SHOP).get(ID).incarnation());
            assertThat(registration.drain()).isSameAs(drain);
            await().until(() -> drain.result().text().contains("web-1: not switched"));

            agent.ack(SHOP, ID, Stage.QUIET);
            await().until(() -> drain.result().text().equals("not quiet yet: " + ID + ": counts 1 request itself"));
            request.close();
            DrainResult result = drain.await(LONG);
            assertThat(result.isQuiet()).isTrue();
            assertThat(result.text()).isEqualTo("quiet: web-1 by connections");
            assertThat(tree.present(SHOP).get(ID).state()).isEqualTo(State.UP);
        }
    }

    @Test
    void whoeverClosesWaitsUntilItIsQuietAndLeavesAtOnceThen() throws Exception {
        Registration slow = registrar.register(Backend.of(SHOP, 8081)
                .address("10.0.0.5")
                .linger(Duration.ofMinutes(10))
                .build());
        assertThat(slow.awaitRegistered(LONG)).isTrue();
        Orders its = new Orders(tree, SHOP, "10.0.0.5-8081");
        try (FakeAgent agent = agent()) {
            CompletableFuture<DrainResult> closed =
                    CompletableFuture.supplyAsync(() -> slow.close(Duration.ofMinutes(5)));
            await().atMost(LONG).until(() -> its.stat() != null);
            assertThat(tree.present(SHOP).get("10.0.0.5-8081").state()).isEqualTo(State.UP);
            agent.ack(SHOP, "10.0.0.5-8081", Stage.QUIET);
            assertThat(closed.get().isQuiet()).isTrue(); // well before the linger is over
            assertThat(tree.present(SHOP)).containsOnlyKeys(ID);
        }
    }

    @Test
    void theDeadlineEndsTheWait() throws Exception {
        try (FakeAgent agent = agent()) {
            assertThat(agent).isNotNull();
            DrainResult result = registration.close(Duration.ofMillis(300));
            assertThat(result).isInstanceOf(DrainResult.Waiting.class);
            assertThat(registration.status().phase()).isEqualTo(Phase.LEFT);
        }
    }

    @Test
    void aCancelledDrainIsTold() throws Exception {
        try (FakeAgent agent = agent()) {
            assertThat(agent).isNotNull();
            SelfDrain drain = registration.drain();
            awaitOrder();
            assertThat(drain.cancel()).isTrue();
            assertThat(drain.await(LONG).text()).isEqualTo("not quiet: the order was taken back");
            await().until(() -> !inFlight.isDraining());
            assertThat(registration.drain()).isNotSameAs(drain);
            awaitOrder();
        }
    }

    @Test
    void anOrderThatStandsAlreadyIsWaitedFor() throws Exception {
        Registration successor = register(8081, new InFlight());
        try (FakeAgent agent = agent();
                Drains monitor = Drains.connect(server.getConnectString())) {
            Drain handover = monitor.handover(SHOP, ID, "10.0.0.5-8081");
            SelfDrain drain = registration.drain();
            agent.ack(SHOP, ID, Stage.READY);
            awaitOrder();
            agent.ack(SHOP, ID, Stage.QUIET);
            assertThat(drain.await(LONG).isQuiet()).isTrue();
            assertThat(handover.await(LONG).isQuiet()).isTrue();
            assertThat(order().by()).doesNotContain("registrar");
            assertThat(successor.status().phase()).isEqualTo(Phase.REGISTERED);
        }
    }

    @Test
    void anOrderWhoseSuccessorIsLostIsFollowedByOneWithout() throws Exception {
        Registration successor = register(8081, new InFlight());
        try (FakeAgent agent = agent();
                Drains monitor = Drains.connect(server.getConnectString())) {
            monitor.handover(SHOP, ID, "10.0.0.5-8081");
            SelfDrain drain = registration.drain();
            assertThat(successor.leave()).isTrue();
            awaitOrder();
            await().atMost(LONG).ignoreExceptions().until(() -> order().by().startsWith("registrar of"));
            agent.ack(SHOP, ID, Stage.QUIET);
            assertThat(drain.await(LONG).isQuiet()).isTrue();
        }
    }

    @Test
    void withoutAgentsNothingIsProvenAndTheBackendSaysItItself() throws Exception {
        SelfDrain drain = registration.drain();
        assertThat(drain.await(LONG).text())
                .isEqualTo("not proven: no agent is known, so nobody can tell who is routing");
        await().until(() -> tree.present(SHOP).get(ID).state() == State.DRAINING);
        await().until(() -> orders.stat() == null);
        assertThat(inFlight.isDraining()).isTrue();
        assertThat(drain.cancel()).isTrue();
        await().until(() -> tree.present(SHOP).get(ID).state() == State.UP);
    }

    @Test
    void whereOrdersMayNotBeWrittenNothingIsProven() throws Exception {
        tree.zooKeeper.create(
                "/rollcall/orders",
                new byte[0],
                Collections.singletonList(new ACL(ZooDefs.Perms.READ, ZooDefs.Ids.ANYONE_ID_UNSAFE)),
                CreateMode.PERSISTENT);
        try (FakeAgent agent = agent()) {
            assertThat(agent).isNotNull();
            DrainResult result = registration.drain().await(LONG);
            assertThat(result).isInstanceOf(DrainResult.Unproven.class);
            assertThat(result.text()).contains("NOAUTH at /rollcall/orders");
            await().until(() -> tree.present(SHOP).get(ID).state() == State.DRAINING);
            assertThat(registration.status().error()).isEmpty();
        }
    }

    @Test
    void withoutZooKeeperNothingIsProvenAndTheServersOwnCountIsWaitedFor() throws Exception {
        InFlight.Request request = inFlight.enter();
        server.stop();
        await().until(() -> registration.status().phase() == Phase.SUSPENDED);
        CompletableFuture<Map<Registration, DrainResult>> closed =
                CompletableFuture.supplyAsync(() -> registrar.close(Duration.ofMinutes(5)));
        await().atMost(LONG).until(inFlight::isDraining);
        assertThat(closed).isNotDone();
        request.close();
        assertThat(closed.get().get(registration).text()).startsWith("not proven: no connection to ZooKeeper");
    }

    @Test
    void anOutageInTheMiddleIsWaitedOut() throws Exception {
        try (FakeAgent agent = agent()) {
            SelfDrain drain = registration.drain();
            awaitOrder();
            server.stop();
            await().atMost(LONG).until(() -> drain.result().text().contains("no connection to ZooKeeper"));
            server.restart();
            await().atMost(LONG).ignoreExceptions().until(() -> {
                agent.ack(SHOP, ID, Stage.QUIET);
                return true;
            });
            assertThat(drain.await(LONG).isQuiet()).isTrue();
        }
    }

    @Test
    void allOfARegistrarDrainAtTheSameTime() throws Exception {
        Registration other = register(8081, new InFlight());
        Orders its = new Orders(tree, SHOP, "10.0.0.5-8081");
        try (FakeAgent agent = agent()) {
            CompletableFuture<Map<Registration, DrainResult>> closed =
                    CompletableFuture.supplyAsync(() -> registrar.close(Duration.ofMinutes(5)));
            awaitOrder();
            await().until(() -> its.stat() != null);
            agent.ack(SHOP, "10.0.0.5-8081", Stage.QUIET);
            assertThat(closed).isNotDone();
            agent.ack(SHOP, ID, Stage.QUIET);
            assertThat(closed.get().values()).hasSize(2).allMatch(DrainResult::isQuiet);
            assertThat(tree.nodes(SHOP)).isEmpty();
            assertThat(other.status().phase()).isEqualTo(Phase.LEFT);
            assertThat(registrar.close(Duration.ZERO)).isEmpty();
        }
    }

    /** A server that is told to end. */
    static final class Main {
        public static void main(String[] args) throws Exception {
            Registrar registrar = Registrar.connect(args[0]);
            InFlight inFlight = new InFlight();
            registrar.drainOnShutdown(Duration.ofMinutes(5), () -> System.out.println("stopped"));
            Registration registration = registrar.register(
                    Backend.of(SHOP, 8082)
                            .address("10.0.0.5")
                            .linger(Duration.ZERO)
                            .build(),
                    inFlight);
            registration.onDrain(order -> System.out.println("drains"));
            System.out.println(registration.awaitRegistered(LONG));
            Thread.currentThread().join();
        }
    }

    @Test
    void aJvmThatIsToldToEndDrainsFirst() throws Exception {
        Orders its = new Orders(tree, SHOP, "10.0.0.5-8082");
        try (FakeAgent agent = agent();
                Child child = new Child(Main.class, server.getConnectString())) {
            assertThat(child.line()).isEqualTo("true");
            child.terminate();
            assertThat(child.line()).isEqualTo("drains");
            assertThat(tree.present(SHOP)).containsKey("10.0.0.5-8082");
            agent.ack(SHOP, "10.0.0.5-8082", Stage.QUIET);
            assertThat(child.line()).isEqualTo("stopped");
            assertThat(tree.present(SHOP)).doesNotContainKey("10.0.0.5-8082");
            assertThat(child.exitStatus()).isEqualTo(128 + 15);
            assertThat(Optional.ofNullable(its.stat())).isPresent(); // the agents remove it
        }
    }
}
