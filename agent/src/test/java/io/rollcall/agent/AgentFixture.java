package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.rollcall.agent.admin.AdminClient;
import io.rollcall.agent.config.AgentConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An agent between a real ZooKeeper server, reached through a proxy that can be cut, and a directory of maps. */
abstract class AgentFixture {
    @TempDir
    Path dir;

    final Deque<AutoCloseable> open = new ArrayDeque<>();
    TestingServer server;
    TcpProxy proxy;
    CuratorFramework zk;

    @BeforeEach
    void startZooKeeper() throws Exception {
        server = later(new TestingServer());
        proxy = later(new TcpProxy(server.getPort()));
        zk = later(CuratorFrameworkFactory.newClient(server.getConnectString(), new RetryNTimes(20, 200)));
        zk.start();
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    Agent start(String settings) throws Exception {
        return start(settings, dir.resolve("agent.sock"));
    }

    Agent start(String settings, Path socket) throws Exception {
        return start(settings, socket, dir);
    }

    Agent start(String settings, Path socket, Path home) throws Exception {
        String text = settings + "maps.dir = " + home.resolve("maps") + "\nstate.dir = " + home.resolve("state")
                + "\nsocket = "
                + socket + "\nallow.networks = 127.0.0.0/8\n"
                + (settings.contains("probe.") ? "" : "probe.interval = off\n")
                + (settings.contains("embedded.zookeeper = true") ? "" : "zookeeper = " + proxy.connectString())
                + "\n";
        Agent agent = new Agent(AgentConfig.read(Files.writeString(home.resolve("agent.properties"), text), false));
        try {
            agent.start();
        } catch (IOException e) {
            agent.close();
            throw e;
        }
        return later(agent);
    }

    AdminClient client() {
        return new AdminClient(dir.resolve("agent.sock"));
    }

    String state() throws IOException {
        return client().status().path("zookeeper").path("state").asText();
    }

    void put(String path, byte[] data) throws Exception {
        zk.create().creatingParentsIfNeeded().forPath("/rollcall/services/" + path, data);
    }

    static byte[] backend(int port, int weight) {
        return ("{\"address\":\"127.0.0.1\",\"port\":" + port + ",\"rollcall\":{\"weight\":" + weight + "}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    Path maps() {
        return dir.resolve("maps");
    }

    String map() throws IOException {
        Path map = maps().resolve("backends.map");
        return Files.exists(map) ? Files.readString(map) : "";
    }

    void awaitMap(String line) {
        await().atMost(30, SECONDS).until(() -> map().lines().toList(), lines -> lines.contains(line));
    }

    <T extends AutoCloseable> T later(T closeable) {
        open.push(closeable);
        return closeable;
    }
}
