package io.rollcall.agent.register;

import static org.awaitility.Awaitility.await;

import io.rollcall.registry.Instance;
import io.rollcall.registry.InstanceCodec;
import io.rollcall.registry.Paths;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A registry and a port to check. It is the test's own: the commands only have to live. */
@Timeout(120)
abstract class RegisterSite {
    static final Duration LONG = Duration.ofSeconds(60);
    static TestingServer zooKeeper;
    private static ZooKeeper client;

    final List<AutoCloseable> started = new ArrayList<>();
    ServerSocket port;

    @BeforeAll
    static void startZooKeeper() throws Exception {
        zooKeeper = new TestingServer(true);
        client = new ZooKeeper(zooKeeper.getConnectString(), 30_000, event -> {});
    }

    @AfterAll
    static void stopZooKeeper() throws Exception {
        client.close();
        zooKeeper.close();
    }

    @BeforeEach
    void open() throws Exception {
        port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        started.add(port);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : started) {
            one.close();
        }
        await().atMost(LONG).until(() -> registered().isEmpty());
    }

    Wrapper register(List<String> options, String... command) throws Exception {
        return register(port.getLocalPort(), options, command);
    }

    Wrapper register(int number, List<String> options, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(Wrapper.SERVICE, "--port=" + number, "--address=127.0.0.1"));
        arguments.add("--zookeeper=" + zooKeeper.getConnectString());
        arguments.addAll(options);
        if (command.length > 0) {
            arguments.add("--");
            arguments.addAll(List.of(command));
        }
        Wrapper wrapper = Wrapper.of(arguments);
        started.add(0, wrapper);
        return wrapper;
    }

    static Optional<Instance> registered() throws Exception {
        Paths paths = new Paths(Paths.DEFAULT_ROOT);
        try {
            List<String> nodes = client.getChildren(paths.service(Wrapper.SERVICE), false);
            if (nodes.isEmpty()) {
                return Optional.empty();
            }
            byte[] data = client.getData(paths.node(Wrapper.SERVICE, nodes.get(0)), false, null);
            return Optional.of(InstanceCodec.decode(Wrapper.SERVICE, nodes.get(0), data));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    static void awaitRegistered() {
        await().atMost(LONG).until(() -> registered().isPresent());
    }

    String backend() {
        return "127.0.0.1-" + port.getLocalPort();
    }
}
