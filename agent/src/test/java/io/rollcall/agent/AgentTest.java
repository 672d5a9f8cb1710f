package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.agent.admin.AdminClient;
import io.rollcall.agent.config.AgentConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a whole against a real ZooKeeper server. */
final class AgentTest {
    @TempDir
    private Path dir;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private TestingServer server;
    private TcpProxy proxy;
    private CuratorFramework zk;

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

    @Test
    void backendsJoinChangeAndLeave() throws Exception {
        start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        put("shop.example.com/b", backend(8082, 2));
        awaitMap("shop.example.com 127.0.0.1:8081|127.0.0.1:8082|127.0.0.1:8082");
        zk.setData().forPath("/rollcall/services/shop.example.com/b", backend(8082, 1));
        awaitMap("shop.example.com 127.0.0.1:8081|127.0.0.1:8082");
        zk.delete().forPath("/rollcall/services/shop.example.com/a");
        awaitMap("shop.example.com 127.0.0.1:8082");
        zk.delete().forPath("/rollcall/services/shop.example.com/b");
        awaitMap("shop.example.com -");
    }

    @Test
    void oneBadNodeSpoilsNothingAndIsShownWithItsReason() throws Exception {
        start("");
        put("shop.example.com/good", backend(8081, 1));
        put("shop.example.com/deep", "[".repeat(2000).getBytes(StandardCharsets.UTF_8));
        put("shop.example.com/large", new byte[5000]);
        put("shop.example.com/latin", new byte[] {'"', (byte) 0xe4, '"'});
        put("shop.example.com/port", "{\"address\":\"127.0.0.1\",\"port\":70000}".getBytes(StandardCharsets.UTF_8));
        put("shop.example.com/public", "{\"address\":\"8.8.8.8\",\"port\":80}".getBytes(StandardCharsets.UTF_8));
        put("no host|name/x", backend(8083, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        await().until(() -> client().status().path("rejected").size() == 6);
        JsonNode why = client().why("SHOP.example.com:443");
        assertThat(why.path("routable").asInt()).isEqualTo(1);
        assertThat(why.path("backends").findValuesAsText("reason"))
                .anyMatch(reason -> reason.contains("nested at most 16"))
                .anyMatch(reason -> reason.contains("5000 bytes (expected: at most 4096)"))
                .anyMatch(reason -> reason.contains("no UTF-8"))
                .anyMatch(reason -> reason.contains("port: '70000' (expected: 1..65535)"))
                .anyMatch(reason -> reason.contains("address: 8.8.8.8 (expected: in allow.networks"));
    }

    @Test
    void moreNodesThanAnAnswerOfOneMebibyteHoldsEndNoConnection() throws Exception {
        put("shop.example.com/good", backend(8081, 1));
        for (int batch = 0; batch < 6; batch++) {
            List<CuratorOp> creates = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String name = "x".repeat(190) + "-" + batch + "-" + i;
                creates.add(zk.transactionOp()
                        .create()
                        .forPath("/rollcall/services/shop.example.com/" + name, new byte[0]));
            }
            zk.transaction().forOperations(creates);
        }
        start("");
        awaitMap("shop.example.com 127.0.0.1:8081");
        assertThat(client().status().path("rejected")).hasSize(6000);
    }

    @Test
    void aServiceThatTheAgentMayNotListKeepsNoOtherFromBeingPublished() throws Exception {
        put("shop.example.com/a", backend(8081, 1));
        zk.create()
                .creatingParentsIfNeeded()
                .withACL(List.of(new ACL(ZooDefs.Perms.CREATE, ZooDefs.Ids.ANYONE_ID_UNSAFE)))
                .forPath("/rollcall/services/closed.example.com");
        start("");
        awaitMap("shop.example.com 127.0.0.1:8081");
        assertThat(client().status().path("rejected").findValuesAsText("reason"))
                .containsExactly("children: cannot be listed by the agent (expected: READ permission)");
    }

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
    void mapsThatAreThereAreNotReplacedByAnOlderSnapshot() throws Exception {
        Agent agent = start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        agent.close();
        String younger = map().replace("127.0.0.1:8081", "127.0.0.1:8099");
        Files.writeString(maps().resolve("backends.map"), younger);
        proxy.cut();
        start("");
        await().until(() -> client().why("shop.example.com").path("routable").asInt() == 1);
        assertThat(map()).isEqualTo(younger);
        proxy.restore();
        awaitMap("shop.example.com 127.0.0.1:8081");
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
    void anUnchangedViewIsNotRewrittenButItsAgeAdvances() throws Exception {
        start("touch.every = 1s\n");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        Path file = maps().resolve("backends.map");
        Object inode = Files.getAttribute(file, "unix:ino");
        FileTime first = Files.getLastModifiedTime(file);
        await().atMost(30, SECONDS).until(() -> Files.getLastModifiedTime(file).compareTo(first) > 0);
        FileTime second = Files.getLastModifiedTime(file);
        await().atMost(30, SECONDS).until(() -> Files.getLastModifiedTime(file).compareTo(second) > 0);
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    }

    @Test
    void aNameIsForgottenOnCommandOnceItsLastBackendIsGone() throws Exception {
        start("");
        put("shop.example.com/a", backend(8081, 1));
        awaitMap("shop.example.com 127.0.0.1:8081");
        assertThat(client().forget("shop.example.com").path("error").asText()).contains("still has backends");
        zk.delete().forPath("/rollcall/services/shop.example.com/a");
        awaitMap("shop.example.com -");
        assertThat(client().forget("Shop.Example.com").path("ok").asBoolean()).isTrue();
        assertThat(map()).doesNotContain("shop.example.com");
        assertThat(client().forget("shop.example.com").path("error").asText()).contains("not a known name");
    }

    @Test
    void aSecondAgentOnTheSameSocketIsRefusedBeforeItTouchesAnything() throws Exception {
        start("");
        assertThatThrownBy(() -> start("")).isInstanceOf(IOException.class).hasMessageContaining("is in use");
        assertThat(client().status().path("ok").asBoolean()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("agent.sock"))))
                .isEqualTo("rw-rw----");
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

    private Agent start(String settings) throws Exception {
        return start(settings, dir.resolve("agent.sock"));
    }

    private Agent start(String settings, Path socket) throws Exception {
        String text = settings + "maps.dir = " + maps() + "\nstate.dir = " + dir.resolve("state") + "\nsocket = "
                + socket + "\nallow.networks = 127.0.0.0/8\n"
                + (settings.contains("embedded.zookeeper = true") ? "" : "zookeeper = " + proxy.connectString())
                + "\n";
        Agent agent = new Agent(AgentConfig.read(Files.writeString(dir.resolve("agent.properties"), text), false));
        try {
            agent.start();
        } catch (IOException e) {
            agent.close();
            throw e;
        }
        return later(agent);
    }

    private AdminClient client() {
        return new AdminClient(dir.resolve("agent.sock"));
    }

    private String state() throws IOException {
        return client().status().path("zookeeper").path("state").asText();
    }

    private void put(String path, byte[] data) throws Exception {
        zk.create().creatingParentsIfNeeded().forPath("/rollcall/services/" + path, data);
    }

    private static byte[] backend(int port, int weight) {
        return ("{\"address\":\"127.0.0.1\",\"port\":" + port + ",\"rollcall\":{\"weight\":" + weight + "}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Path maps() {
        return dir.resolve("maps");
    }

    private String map() throws IOException {
        Path map = maps().resolve("backends.map");
        return Files.exists(map) ? Files.readString(map) : "";
    }

    private void awaitMap(String line) {
        await().atMost(30, SECONDS).until(() -> map().lines().toList(), lines -> lines.contains(line));
    }

    private <T extends AutoCloseable> T later(T closeable) {
        open.push(closeable);
        return closeable;
    }
}
