package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.agent.admin.AdminClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.junit.jupiter.api.Test;

/** What the agent does when ZooKeeper, its disk, its port or another agent is in its way. */
final class AgentFaultTest extends AgentFixture {
    @Test
    void whatHappenedWhileTheConnectionWasCutIsReadWhenItIsBack() throws Exception {
        start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        assertThat(proxy.cut()).as("connections that the cut hit").isPositive();
        await().until(() -> !state().equals("connected"));
        zk.delete().forPath("/rollcall/services/shop.example.com/a");
        put("shop.example.com/a", backend(8091, 1));
        put("late.example.com/b", backend(8092, 1));
        assertThat(map()).contains("shop.example.com 127.0.0.1:8081");
        proxy.restore();
        awaitMap("shop.example.com 127.0.0.1:8091");
        awaitMap("late.example.com 127.0.0.1:8092");
    }

    @Test
    void theViewOutlivesTheAgentsOwnSession() throws Exception {
        start("session.timeout = 1s\n");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        assertThat(proxy.cut()).as("connections that the cut hit").isPositive();
        await().atMost(30, SECONDS).until(() -> state().equals("lost"));
        assertThat(map()).contains("shop.example.com 127.0.0.1:8081");
        proxy.restore();
        await().atMost(30, SECONDS).until(() -> state().equals("connected"));
        put("shop.example.com/b", backend(8082, 1));
        awaitMap("shop.example.com 127.0.0.1:8081|127.0.0.1:8082");
        zk.delete().forPath("/rollcall/services/shop.example.com/a");
        awaitMap("shop.example.com 127.0.0.1:8082");
    }

    @Test
    void aRestartedAgentGoesOnFromItsSnapshotWithoutZooKeeper() throws Exception {
        Agent agent = start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        agent.close();
        proxy.cut();
        Files.delete(maps().resolve("backends.map"));
        start("");
        awaitMap("shop.example.com 127.0.0.1:8081");
        assertThat(client().status().path("view").asText()).isEqualTo("snapshot");
        zk.delete().forPath("/rollcall/services/shop.example.com/a");
        proxy.restore();
        awaitMap("shop.example.com -");
        assertThat(client().status().path("view").asText()).isEqualTo("registry");
    }

    @Test
    void aSnapshotThatHangsHoldsUpNoPublication() throws Exception {
        Path fifo = Files.createDirectories(dir.resolve("state")).resolve(".snapshot.json.new");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        // Nobody reads the pipe: who opens it to write waits, as on a disk that does not answer.
        await().until(() -> Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("rollcall-snapshot"))
                .flatMap(thread -> Arrays.stream(thread.getValue()))
                .anyMatch(frame -> frame.getClassName().endsWith("SnapshotFile")));
        put("shop.example.com/b", backend(8082, 1));
        awaitMap("shop.example.com 127.0.0.1:8081|127.0.0.1:8082");
    }

    @Test
    void ofTwoAgentsOneWritesTheMapsAndTheOtherSaysSoUntilItCan() throws Exception {
        Agent first = start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        Path second = dir.resolve("second.sock");
        start("", second);
        AdminClient client = new AdminClient(second);
        await().until(() ->
                client.status().path("maps").path("problem").asText().contains("another agent"));
        first.close();
        await().atMost(30, SECONDS)
                .until(() ->
                        client.status().path("maps").path("problem").asText().isEmpty());
    }

    @Test
    void withADamagedSnapshotAndNoZooKeeperTheLastGoodMapsStay() throws Exception {
        Agent agent = start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        agent.close();
        Path snapshot = dir.resolve("state/snapshot.json");
        Files.write(snapshot, List.of("rollcall-snapshot 1 00000000", "{\"nodes\":[]"));
        proxy.cut();
        start("");
        await().until(() -> client().status().path("maps").path("ageMillis").isNumber());
        assertThat(map()).contains("shop.example.com 127.0.0.1:8081");
        assertThat(dir.resolve("state/snapshot.json.corrupt")).exists();
        proxy.restore();
        put("shop.example.com/b", backend(8082, 1));
        awaitMap("shop.example.com 127.0.0.1:8081|127.0.0.1:8082");
    }

    @Test
    void mapsThatCannotBeWrittenAreReportedAndWrittenOnceTheyCan() throws Exception {
        Files.writeString(maps(), "a file where the directory should be");
        start("");
        put("shop.example.com/a", backend(8081, 1));
        await().until(() ->
                client().status().path("maps").path("problem").asText().contains("cannot be written"));
        Files.delete(maps());
        awaitMap("shop.example.com 127.0.0.1:8081");
        await().until(() ->
                client().status().path("maps").path("problem").asText().isEmpty());
    }

    @Test
    void aHashedMapThatCannotBeWrittenIsReportedAndHoldsUpNoChange() throws Exception {
        start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        Path inTheWay = Files.createDirectories(maps().resolve(".names.pag.new/x"));
        String longName = ".a-name-that-takes-room" + ".and-more-of-it".repeat(12) + ".example.com";
        for (int i = 0; i < 90; i++) {
            put("n" + i + longName + "/a", backend(8082, 1));
        }
        await().until(() ->
                client().status().path("maps").path("problem").asText().contains("the hashed map"));
        put("shop.example.com/b", backend(8083, 1));
        awaitMap("shop.example.com 127.0.0.1:8081|127.0.0.1:8083");
        awaitMap("n89" + longName + " 127.0.0.1:8082");
        Files.delete(inTheWay);
        Files.delete(maps().resolve(".names.pag.new"));
        await().atMost(30, SECONDS)
                .until(() ->
                        client().status().path("maps").path("problem").asText().isEmpty());
        await().atMost(30, SECONDS).until(() -> map().length() < 10_000);
    }

    @Test
    void anEmbeddedZooKeeperWaitsForItsPortAndKeepsItsDataOverARestart() throws Exception {
        String settings;
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings = "embedded.zookeeper = true\nembedded.zookeeper.port = " + busy.getLocalPort()
                    + "\nembedded.zookeeper.dir = " + dir.resolve("zk") + "\n";
            Agent waiting = start(settings);
            assertThat(client().status().path("view").asText()).isEqualTo("nothing");
            assertThat(waiting.status().watch().complete()).isFalse();
        }
        await().atMost(60, SECONDS)
                .until(() -> client().status().path("view").asText().equals("registry"));
        String connect = "127.0.0.1:" + settings.replaceAll("(?s).*port = (\\d+).*", "$1");
        try (CuratorFramework inside = CuratorFrameworkFactory.newClient(connect, new RetryNTimes(50, 200))) {
            inside.start();
            inside.create()
                    .creatingParentsIfNeeded()
                    .forPath("/rollcall/services/shop.example.com/a", backend(8081, 1));
        }
        awaitMap("shop.example.com 127.0.0.1:8081");
        ((Agent) open.pop()).close();
        Files.delete(dir.resolve("state/snapshot.json"));
        Files.delete(maps().resolve("backends.map"));
        start(settings);
        awaitMap("shop.example.com 127.0.0.1:8081");
    }
}
