package io.rollcall.drain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.Ack.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;

/** Waits go on over everything that ZooKeeper does, and end where it does not answer. */
final class FaultTest {
    private static final String SHOP = "shop.example.com";
    private static final Duration LONG = Duration.ofMinutes(2);

    @Test
    void aDrainGoesOnUnderANewLeader() throws Exception {
        List<InstanceSpec> specs = Stream.generate(FaultTest::spec).limit(3).toList();
        try (TestingCluster cluster = new TestingCluster(specs)) {
            cluster.start();
            String connect = cluster.getConnectString();
            try (Tree tree = new Tree(connect);
                    FakeAgent web1 = new FakeAgent(connect, "web1");
                    Drains drains = Drains.connect(connect)) {
                tree.backend(SHOP, "a", "41", 8001);
                tree.backend(SHOP, "b", "42", 8002);
                Drain drain = drains.handover(SHOP, "a", "b");
                assertThat(cluster.killServer(leader(cluster))).isTrue();
                await().atMost(LONG).ignoreExceptions().until(() -> {
                    web1.ack(SHOP, "a", Stage.READY);
                    return true;
                });
                await().atMost(LONG)
                        .ignoreExceptions()
                        .until(() -> tree.order(SHOP, "a").orElseThrow().action()
                                == io.rollcall.registry.Order.Action.DRAIN);
                await().atMost(LONG).ignoreExceptions().until(() -> {
                    web1.ack(SHOP, "a", Stage.QUIET);
                    return true;
                });
                assertThat(drain.await(LONG).isQuiet()).isTrue();
            }
        }
    }

    @Test
    void whileThereIsNoConnectionNothingIsKnownAndThenItGoesOn() throws Exception {
        try (TestingServer server = new TestingServer(spec(), true);
                Drains drains = Drains.connect(server.getConnectString())) {
            List<Event> events = Collections.synchronizedList(new ArrayList<>());
            try (Tree tree = new Tree(server.getConnectString());
                    FakeAgent web1 = new FakeAgent(server.getConnectString(), "web1")) {
                tree.backend(SHOP, "a", "41", 8001);
                tree.backend(SHOP, "b", "42", 8002);
                drains.watch("", events::add);
                await().atMost(LONG).until(() -> events.size() == 2);
                Drain drain = drains.drain(SHOP, "a");
                server.stop();
                await().atMost(LONG)
                        .until(() -> drain.progress().verdict() instanceof Verdict.Waiting waiting
                                && waiting.holds().get(0).kind() == Hold.Kind.NO_ZOOKEEPER);
                await().atMost(LONG)
                        .until(() -> events.stream().anyMatch(event -> event.kind() == Event.Kind.DISCONNECTED));
                server.restart();
                await().atMost(LONG).ignoreExceptions().until(() -> {
                    web1.ack(SHOP, "a", Stage.QUIET);
                    return true;
                });
                assertThat(drain.await(LONG).isQuiet()).isTrue();
                await().atMost(LONG)
                        .until(
                                () -> events.stream().map(Event::kind).toList(),
                                kinds -> kinds.containsAll(List.of(
                                        Event.Kind.PRESENT,
                                        Event.Kind.ORDERED,
                                        Event.Kind.DISCONNECTED,
                                        Event.Kind.CONNECTED,
                                        Event.Kind.QUIET)));
            }
        }
    }

    @Test
    void anOrderThatCannotBeGivenIsAnError() throws Exception {
        String connect;
        try (TestingServer server = new TestingServer()) {
            connect = server.getConnectString();
        }
        try (Drains drains =
                Drains.builder(connect).patience(Duration.ofMillis(200)).build()) {
            assertThatThrownBy(() -> drains.drain(SHOP, "a"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no connection to ZooKeeper");
        }
    }

    @Test
    void whoClosesEndsAllWaiting() throws Exception {
        try (TestingServer server = new TestingServer();
                Tree tree = new Tree(server.getConnectString())) {
            tree.backend(SHOP, "a", "41", 8001);
            tree.backend(SHOP, "b", "42", 8002);
            Drains drains = Drains.connect(server.getConnectString());
            Drain drain = drains.drain(SHOP, "a");
            drains.close();
            assertThat(drain.await(LONG).isQuiet()).isFalse();
            assertThat(tree.order(SHOP, "a")).isPresent();
        }
    }

    /** The one that says so itself. */
    private static InstanceSpec leader(TestingCluster cluster) throws IOException {
        for (InstanceSpec server : cluster.getInstances()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
                socket.getOutputStream().write("srvr".getBytes(UTF_8));
                socket.shutdownOutput();
                if (new String(socket.getInputStream().readAllBytes(), UTF_8).contains("Mode: leader")) {
                    return server;
                }
            }
        }
        throw new AssertionError("no server leads");
    }

    private static InstanceSpec spec() {
        return new InstanceSpec(null, -1, -1, -1, true, -1, 500, 0, Map.of(), "127.0.0.1");
    }
}
