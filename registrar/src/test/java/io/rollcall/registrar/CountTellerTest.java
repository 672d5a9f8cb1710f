package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.Ack;
import java.time.Duration;
import java.util.Collections;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a draining backend's registrar tells of its requests. */
final class CountTellerTest {
    private static final String SHOP = "shop.example.com";
    private static final String ID = "10.0.0.5-8080";

    /** Longer than the time between two periodic checks, which mend what no watch told. */
    private static final Duration LONG = Duration.ofSeconds(90);

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
        look();
        registrar = Registrar.connect(server.getConnectString());
        registration = registrar.register(
                Backend.of(SHOP, 8080).address("10.0.0.5").linger(Duration.ZERO).build(), inFlight);
        assertThat(registration.awaitRegistered(LONG)).isTrue();
    }

    private void look() throws Exception {
        if (tree != null) {
            tree.close();
        }
        tree = new Tree(server.getConnectString());
        orders = new Orders(tree, SHOP, ID);
    }

    @AfterEach
    void stop() throws Exception {
        registrar.close();
        tree.close();
        server.close();
    }

    private void order() throws Exception {
        orders.write(Orders.drain(tree.present(SHOP).get(ID).incarnation()));
    }

    private void awaitQuiet() {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(ack()).extracting(Ack::stage).isEqualTo(Ack.Stage.QUIET));
    }

    private void awaitOpen(long count) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(ack()).extracting(Ack::open).isEqualTo(count));
    }

    /** With what there is instead, so that a failure tells which of registrar, server and this client stood still. */
    private Ack ack() {
        try {
            return orders.ack().orElseThrow(() -> new IllegalStateException("no ack of this order"));
        } catch (Exception e) {
            throw new AssertionError(e + ", " + tree.zooKeeper + ", " + registration.status(), e);
        }
    }

    @Test
    void theCountIsToldUntilItIsZero() throws Exception {
        InFlight.Request one = inFlight.enter();
        InFlight.Request two = inFlight.enter();
        order();
        awaitOpen(2);
        Ack ack = orders.ack().orElseThrow();
        assertThat(ack.stage()).isEqualTo(Ack.Stage.SWITCHED);
        assertThat(ack.evidence()).isEqualTo(Ack.Evidence.REGISTRAR);
        assertThat(ack.detail()).isEqualTo("requests in the server: 2");
        assertThat(tree.zooKeeper.exists(orders.ackPath(), false).getEphemeralOwner())
                .isNotZero();
        one.close();
        awaitOpen(1);
        two.close();
        awaitQuiet();
        assertThat(orders.open()).hasValue(0L);

        InFlight.Request late = inFlight.enter();
        awaitOpen(1);
        assertThat(orders.stage()).hasValue(Ack.Stage.SWITCHED);
        late.close();
        awaitQuiet();
    }

    @Test
    void anOrderThatIsChangedIsQuotedAnew() throws Exception {
        order();
        awaitQuiet();
        order();
        assertThat(orders.stat().getMzxid()).isNotEqualTo(orders.stat().getCzxid());
        awaitQuiet();
    }

    @Test
    void whatWasDeletedOrEditedComesBack() throws Exception {
        order();
        awaitQuiet();
        tree.zooKeeper.delete(orders.ackPath(), -1);
        awaitQuiet();
        tree.zooKeeper.setData(orders.ackPath(), new byte[] {'{', '}'}, -1);
        awaitQuiet();
    }

    @Test
    void aLostSessionIsFollowedByAnAckOfTheNext() throws Exception {
        order();
        awaitQuiet();
        InFlight.Request open = inFlight.enter();
        awaitOpen(1);
        long session = tree.zooKeeper.exists(orders.ackPath(), false).getEphemeralOwner();
        Tree.expire(server.getConnectString(), session);
        assertThat(tree.zooKeeper.exists(orders.ackPath(), false)).isNull();

        awaitOpen(1);
        assertThat(tree.zooKeeper.exists(orders.ackPath(), false).getEphemeralOwner())
                .isNotEqualTo(session);
        open.close();
        awaitQuiet();
        assertThat(inFlight.isDraining()).isTrue();
    }

    /** After an outage the server keeps the old session's ack for a while; it must not go with that in the middle of the drain. */
    @Test
    void anAckOfASessionThatWasGivenUpIsReplaced() throws Exception {
        order();
        awaitQuiet();
        String node = registration.status().node().orElseThrow();
        server.stop();
        await().atMost(LONG).until(() -> registration.status().phase() == Phase.PENDING);
        assertThat(inFlight.isDraining()).isTrue();
        InFlight.Request open = inFlight.enter();
        server.restart();
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        look(); // as the session before may have ended with the outage
        awaitOpen(1);
        open.close();
        awaitQuiet();
        await().ignoreExceptions().until(() -> tree.zooKeeper.exists(node, false) == null);
        awaitQuiet();
        long owner = tree.zooKeeper.exists(orders.ackPath(), false).getEphemeralOwner();
        assertThat(owner).isEqualTo(tree.owner(SHOP, tree.nodes(SHOP).get(0)));
    }

    /** The znode of a session that was lost is gone, the next one is not there yet: the order stands for the process. */
    @Test
    void anOrderThatComesBetweenTwoSessionsIsObeyedInTheNext() throws Exception {
        String incarnation = tree.present(SHOP).get(ID).incarnation();
        String node = tree.nodes(SHOP).get(0);
        allow("/rollcall/services/" + SHOP, ZooDefs.Perms.READ);
        Tree.expire(server.getConnectString(), tree.owner(SHOP, node));
        await().until(() -> registration.status().error().orElse("").contains("NOAUTH"));
        orders.write(Orders.drain(incarnation));
        assertThat(registration.status().order()).isEmpty();

        allow("/rollcall/services/" + SHOP, ZooDefs.Perms.ALL);
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        awaitQuiet();
    }

    @Test
    void whatCannotBeCountedIsNotTold() throws Exception {
        order();
        awaitQuiet();
        inFlight.incomplete();
        await().atMost(LONG).until(() -> tree.zooKeeper.exists(orders.ackPath(), false) == null);
        assertThat(inFlight.isDraining()).isTrue();
    }

    @Test
    void withoutACounterNothingIsToldAndTheOrderIsObeyed() throws Exception {
        Registration uncounted = registrar.register(
                Backend.of(SHOP, 8081).address("10.0.0.5").linger(Duration.ZERO).build());
        assertThat(uncounted.awaitRegistered(LONG)).isTrue();
        Orders its = new Orders(tree, SHOP, "10.0.0.5-8081");
        its.write(Orders.drain(""));
        await().until(() -> uncounted.status().order().isPresent());
        order();
        awaitQuiet();
        assertThat(tree.zooKeeper.exists(its.ackPath(), false)).isNull();
    }

    @Test
    void whoeverHasLeftSaysNothingMore() throws Exception {
        order();
        awaitQuiet();
        assertThat(registration.leave()).isTrue();
        await().atMost(LONG).until(() -> tree.zooKeeper.exists(orders.ackPath(), false) == null);
    }

    @Test
    void ordersThatMayNotBeReadChangeNothingElse() throws Exception {
        order();
        allow(orders.path(), ZooDefs.Perms.WRITE);
        Registration other = registrar.register(
                Backend.of(SHOP, 8081).address("10.0.0.5").linger(Duration.ZERO).build());
        assertThat(other.awaitRegistered(LONG)).isTrue();
        tree.zooKeeper.create(
                "/rollcall/orders/" + SHOP + "/10.0.0.5-8082",
                new byte[0],
                Collections.singletonList(new ACL(ZooDefs.Perms.ADMIN, ZooDefs.Ids.ANYONE_ID_UNSAFE)),
                CreateMode.PERSISTENT);
        Registration refused = registrar.register(
                Backend.of(SHOP, 8082).address("10.0.0.5").linger(Duration.ZERO).build(), inFlight);
        assertThat(refused.awaitRegistered(LONG)).isTrue();
        refused.setWeight(7);
        assertThat(refused.awaitRegistered(LONG)).isTrue();
        assertThat(refused.status().error()).isEmpty();
        assertThat(refused.leave()).isTrue();
    }

    @Test
    void anAckThatMayNotBeWrittenChangesNothingElse() throws Exception {
        orders.write(Orders.drain("another"));
        allow(orders.path(), ZooDefs.Perms.READ | ZooDefs.Perms.WRITE);
        order();
        await().until(() -> registration.status().order().isPresent());
        registration.setWeight(7);
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        assertThat(registration.status().error()).isEmpty();
        assertThat(orders.ack()).isEmpty();
        allow(orders.path(), ZooDefs.Perms.ALL);
        awaitQuiet();
    }

    private void allow(String path, int permissions) throws Exception {
        tree.zooKeeper.setACL(
                path,
                Collections.singletonList(new ACL(permissions | ZooDefs.Perms.ADMIN, ZooDefs.Ids.ANYONE_ID_UNSAFE)),
                -1);
    }
}
