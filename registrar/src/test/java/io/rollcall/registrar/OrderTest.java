package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.Order;
import io.rollcall.registry.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backend that somebody orders to drain. */
final class OrderTest {
    private static final String SHOP = "Shop.Example.com.";
    private static final String COMPARED = "shop.example.com";
    private static final String ID = "10.0.0.5-8080";
    private static final Duration LONG = Duration.ofSeconds(60);

    private final InFlight inFlight = new InFlight();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private TestingServer server;
    private Tree tree;
    private Orders orders;
    private Registrar registrar;

    @BeforeEach
    void start() throws Exception {
        server = new TestingServer(true);
        tree = new Tree(server.getConnectString());
        orders = new Orders(tree, COMPARED, ID);
        registrar = Registrar.connect(server.getConnectString());
    }

    @AfterEach
    void stop() throws Exception {
        registrar.close();
        tree.close();
        server.close();
    }

    private static Backend shop(int port) {
        return Backend.of(SHOP, port).address("10.0.0.5").linger(Duration.ZERO).build();
    }

    private Registration registered() throws InterruptedException {
        Registration registration = registrar.register(shop(8080), inFlight);
        registration.onDrain(new DrainListener() {
            @Override
            public void drain(Order order) {
                heard.add("drain by " + order.by());
            }

            @Override
            public void cancelled(Order order) {
                heard.add("cancelled by " + order.by());
            }
        });
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        return registration;
    }

    private String incarnation() throws Exception {
        return tree.present(SHOP).get(ID).incarnation();
    }

    private String next() throws InterruptedException {
        return heard.poll(60, TimeUnit.SECONDS);
    }

    @Test
    void anOrderIsObeyedUntilItIsCancelled() throws Exception {
        Registration registration = registered();
        orders.write(Orders.drain(incarnation()));
        assertThat(next()).isEqualTo("drain by a test");
        await().until(inFlight::isDraining);
        assertThat(registration.status().order()).contains(Orders.drain(incarnation()));
        assertThat(registration.status().phase()).isEqualTo(Phase.REGISTERED);
        assertThat(tree.present(SHOP).get(ID).state()).isEqualTo(State.UP);

        orders.cancel();
        assertThat(next()).isEqualTo("cancelled by a test");
        await().until(() -> !inFlight.isDraining());
        assertThat(registration.status().order()).isEmpty();
    }

    @Test
    void anOrderForAnotherIncarnationIsIgnored() throws Exception {
        Registration registration = registered();
        orders.write(Orders.drain("another"));
        orders.write(Orders.drain("another")); // a second change is heard of after the first was looked at
        Orders fence = fence();
        fence.write(Orders.drain(incarnation()));
        await().until(() -> fence.ack().isPresent());
        assertThat(registration.status().order()).isEmpty();
        assertThat(inFlight.isDraining()).isFalse();
        assertThat(orders.ack()).isEmpty();

        orders.write(Orders.drain(incarnation()));
        assertThat(next()).isEqualTo("drain by a test");
    }

    /** Another backend of the same registrar; what its loop does for this one it does after what came before. */
    private Orders fence() throws InterruptedException {
        assertThat(registrar.register(shop(8081), new InFlight()).awaitRegistered(LONG))
                .isTrue();
        return new Orders(tree, COMPARED, "10.0.0.5-8081");
    }

    @Test
    void aPreparationIsNoDrain() throws Exception {
        Registration registration = registered();
        orders.write(Orders.order(Order.Action.PREPARE, incarnation()));
        Orders fence = fence();
        fence.write(Orders.drain(incarnation()));
        await().until(() -> fence.ack().isPresent());
        assertThat(registration.status().order()).isEmpty();
        assertThat(orders.ack()).isEmpty();

        orders.write(Orders.drain(incarnation()));
        assertThat(next()).isEqualTo("drain by a test");
        orders.write(Orders.order(Order.Action.PREPARE, incarnation()));
        assertThat(next()).isEqualTo("cancelled by a test");
        await().until(() -> tree.zooKeeper.exists(orders.ackPath(), false) == null);
    }

    @Test
    void anOrderThatWasThereBeforeTheBackendIsForItsIncarnationOnly() throws Exception {
        Registration first = registered();
        String incarnation = incarnation();
        assertThat(first.leave()).isTrue();
        orders.write(Orders.drain(""));
        Registration second = registered();
        Orders fence = fence();
        fence.write(Orders.drain(incarnation));
        await().until(() -> fence.ack().isPresent());
        assertThat(second.status().order()).isEmpty();

        assertThat(second.leave()).isTrue();
        orders.write(Orders.drain(incarnation));
        registered();
        assertThat(next()).isEqualTo("drain by a test");
    }

    @Test
    void anOrderThatNamesNoIncarnationIsForTheZnodeThatIsThere() throws Exception {
        registered();
        orders.write(Orders.drain(""));
        assertThat(next()).isEqualTo("drain by a test");
    }

    @Test
    void anOrderIsToldOnceHoweverOftenItIsChanged() throws Exception {
        registered();
        orders.write(Orders.drain(incarnation()));
        assertThat(next()).isEqualTo("drain by a test");
        await().until(() -> orders.ack().isPresent());
        orders.write(Orders.drain(""));
        await().until(() -> orders.ack().isPresent()); // quoting the new version
        orders.cancel();
        assertThat(next()).isEqualTo("cancelled by a test");
    }

    @Test
    void whatIsNoOrderIsIgnored() throws Exception {
        registered();
        orders.write(Orders.drain(incarnation()));
        assertThat(next()).isEqualTo("drain by a test");
        tree.zooKeeper.setData(orders.path(), new byte[] {'?'}, -1);
        assertThat(next()).isEqualTo("cancelled by a test");
    }

    @Test
    void oneOfTwoBackendsDrains() throws Exception {
        Registration one = registered();
        InFlight others = new InFlight();
        Registration two = registrar.register(shop(8081), others);
        assertThat(two.awaitRegistered(LONG)).isTrue();
        orders.write(Orders.drain(incarnation()));
        await().until(() -> one.status().order().isPresent() && inFlight.isDraining());
        assertThat(two.status().order()).isEmpty();
        assertThat(others.isDraining()).isFalse();
    }

    @Test
    void aListenerThatComesLateHearsOfTheOrderThatStands() throws Exception {
        Registration registration = registered();
        orders.write(Orders.drain(incarnation()));
        assertThat(next()).isEqualTo("drain by a test");
        registration.onDrain(order -> heard.add("late"));
        assertThat(next()).isEqualTo("late");
    }

    @Test
    void aListenerThatBlocksOrFailsHoldsNothingUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Registration registration = registered();
        registration.onDrain(order -> {
            heard.add("blocks");
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("on purpose");
        });
        registration.onDrain(order -> heard.add("after it"));
        orders.write(Orders.drain(incarnation()));
        assertThat(List.of(next(), next())).containsExactly("drain by a test", "blocks");
        registration.setWeight(9);
        assertThat(registration.awaitRegistered(LONG)).isTrue();
        over.countDown();
        assertThat(next()).isEqualTo("after it");
    }

    @Test
    void whoeverLeavesOrSaysSoHimselfDrainsToo() throws Exception {
        Registration registration = registered();
        registration.setState(State.DRAINING);
        await().until(inFlight::isDraining);
        registration.setState(State.UP);
        await().until(() -> !inFlight.isDraining());
        assertThat(registration.leave()).isTrue();
        assertThat(inFlight.isDraining()).isFalse(); // free for the next
        assertThat(heard).isEmpty();
    }
}
