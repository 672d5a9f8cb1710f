package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.agent.Agent;
import io.rollcall.agent.config.AgentConfig;
import io.rollcall.registrar.Registrar;
import io.rollcall.registrar.Registration;
import io.rollcall.registry.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From the registry to the backend: ZooKeeper, registrar, agent and httpd, all real. */
class RegistryTest {
    private static final Duration SESSION = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private final List<AutoCloseable> started = new ArrayList<>();
    private TestingServer zookeeper;
    private Registrar registrar;
    private Agent agent;
    private Httpd httpd;

    @BeforeEach
    void start() throws Exception {
        InstanceSpec spec = new InstanceSpec(null, -1, -1, -1, true, -1, 500, -1);
        zookeeper = started(new TestingServer(spec, true));
        registrar = started(Registrar.builder(zookeeper.getConnectString())
                .sessionTimeout(SESSION)
                .build());
        startAgent();
        TestMaps.await(directory.resolve("maps"));
        httpd = Way.RESOLVER
                .httpd(directory.resolve("httpd"), directory.resolve("maps"))
                .listen(Ports.free(), Ports.free())
                .directives("<VirtualHost *:${PORT}>\n" + Way.TEXT.use() + "</VirtualHost>")
                .directives("<VirtualHost *:${PORT2}>\n" + Way.RESOLVER.use() + "</VirtualHost>")
                .start();
        started(httpd);
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
        if (agent != null) {
            agent.close();
        }
    }

    private void startAgent() throws Exception {
        Path file = directory.resolve("agent.properties");
        Files.writeString(file, """
                zookeeper = %s
                maps.dir = %s/maps
                state.dir = %s/state
                socket = %s/agent.sock
                session.timeout = 2s
                allow.networks = 127.0.0.0/8
                probe.interval = off
                """.formatted(zookeeper.getConnectString(), directory, directory, directory));
        agent = new Agent(AgentConfig.read(file, false));
        agent.start();
    }

    private void stopAgent() throws IOException {
        agent.close();
        agent = null;
    }

    private <T extends AutoCloseable> T started(T one) {
        started.add(one);
        return one;
    }

    private Backend backend(String service, String id) throws IOException {
        return started(Backend.start(service, id));
    }

    private Registration register(Backend backend) {
        return registrar.register(io.rollcall.registrar.Backend.of(backend.service(), backend.port())
                .address("127.0.0.1")
                .id(backend.id())
                .linger(Duration.ofMillis(200))
                .build());
    }

    private int status(String host) throws IOException {
        int text = RawHttp.get(httpd.port(0), host, "/").status();
        int resolver = RawHttp.get(httpd.port(1), host, "/").status();
        return text == resolver ? text : -1;
    }

    private void awaitStatus(String host, int status) {
        await().untilAsserted(() -> assertThat(status(host)).isEqualTo(status));
    }

    /** Who answers a hundred requests, in both ways of looking up. */
    private Map<String, Integer> share(String host) throws IOException {
        Map<String, Integer> share = new java.util.TreeMap<>();
        for (int i = 0; i < 50; i++) {
            share.merge(Echo.of(RawHttp.get(httpd.port(0), host, "/")).backend(), 1, Integer::sum);
            share.merge(Echo.of(RawHttp.get(httpd.port(1), host, "/")).backend(), 1, Integer::sum);
        }
        return share;
    }

    @Test
    void namesAndBackendsComeAndGo() throws Exception {
        long ticks = httpd.startTicks();
        assertThat(status("shop.example.com")).isEqualTo(404);
        Registration first = register(backend("shop.example.com", "shop-1"));
        awaitStatus("shop.example.com", 200);
        register(backend("news.example.com", "news-1"));
        awaitStatus("news.example.com", 200);
        register(backend("shop.example.com", "shop-2"));
        await().until(() -> share("shop.example.com").size() == 2);
        assertThat(share("news.example.com")).containsOnlyKeys("news-1");
        first.leave();
        await().until(() -> share("shop.example.com").equals(Map.of("shop-2", 100)));
        registrar.registrations().forEach(Registration::leave);
        awaitStatus("shop.example.com", 503);
        awaitStatus("news.example.com", 503);
        assertThat(httpd.startTicks()).isEqualTo(ticks);
    }

    @Test
    void aChangeOfWeightOrStateIsFollowed() throws Exception {
        Registration one = register(backend("shop.example.com", "one"));
        Registration two = register(backend("shop.example.com", "two"));
        await().until(() ->
                status("shop.example.com") == 200 && share("shop.example.com").size() == 2);
        one.setWeight(0);
        await().until(() -> share("shop.example.com").equals(Map.of("two", 100)));
        one.setWeight(9);
        await().until(() -> share("shop.example.com").getOrDefault("one", 0) > 75);
        one.setState(State.DRAINING);
        await().until(() -> share("shop.example.com").equals(Map.of("two", 100)));
        two.setState(State.DOWN);
        awaitStatus("shop.example.com", 503);
        one.setState(State.UP);
        await().until(() ->
                status("shop.example.com") == 200 && share("shop.example.com").equals(Map.of("one", 100)));
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = "HASHED", mode = EnumSource.Mode.EXCLUDE)
    void theDeathOfABackendProcessCostsNoGetButThoseInFlightOnIt(Way way) throws Exception {
        register(backend("shop.example.com", "stays"));
        Process dies = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RegisteredBackend.class.getName(),
                        zookeeper.getConnectString(),
                        "shop.example.com",
                        "dies")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("dies.log").toFile())
                .start();
        started(() -> dies.destroyForcibly().waitFor());
        await().until(() ->
                status("shop.example.com") == 200 && share("shop.example.com").size() == 2);
        int port = way == Way.TEXT ? httpd.port(0) : httpd.port(1);
        List<LoadClient.Ask> asks = List.of(
                LoadClient.Ask.of("GET", "shop.example.com", "/x"),
                LoadClient.Ask.of("HEAD", "shop.example.com", "/y"));
        try (LoadClient load = LoadClient.atRate(200, port, 10, asks)) {
            await().until(() -> load.report().ok() > 100);
            dies.destroyForcibly().waitFor();
            await().until(() -> status("shop.example.com") == 200
                    && share("shop.example.com").size() == 1);
            long then = load.report().ok();
            await().until(() -> load.report().ok() > then + 100);
            LoadReport report = load.stop();
            assertThat(report.failed()).as(report.toString()).isLessThanOrEqualTo(10);
            assertThat(report.failures())
                    .allSatisfy(failure -> assertThat(failure.reason()).doesNotStartWith("answered"));
            assertThat(report.statuses().keySet()).isSubsetOf(200, 502);
        }
    }

    @Test
    void routingGoesOnWithoutTheAgentAndWithAnAgentThatFindsNoZooKeeper() throws Exception {
        register(backend("shop.example.com", "shop-1"));
        awaitStatus("shop.example.com", 200);
        stopAgent();
        assertThat(share("shop.example.com")).containsOnlyKeys("shop-1");
        httpd.gracefulRestart();
        assertThat(share("shop.example.com")).containsOnlyKeys("shop-1");
        int port = zookeeper.getPort();
        zookeeper.stop();
        startAgent();
        assertThat(share("shop.example.com")).containsOnlyKeys("shop-1");
        httpd.gracefulRestart();
        assertThat(share("shop.example.com")).containsOnlyKeys("shop-1");
        zookeeper.restart();
        assertThat(zookeeper.getPort()).isEqualTo(port);
        register(backend("news.example.com", "news-1"));
        awaitStatus("news.example.com", 200);
        awaitStatus("shop.example.com", 200);
    }

    @Test
    void aZnodeWrittenByHandIsRouted() throws Exception {
        Backend shop = backend("hand.example.com", "by-hand");
        try (CuratorFramework zk = client()) {
            String json = """
                    {"name":"hand.example.com","id":"by-hand","address":"127.0.0.1","port":%d,"rollcall":{"state":"up","weight":1}}""".formatted(shop.port());
            String path = "/rollcall/services/hand.example.com/by-hand";
            zk.create()
                    .creatingParentsIfNeeded()
                    .withMode(CreateMode.EPHEMERAL)
                    .forPath(path, json.getBytes(StandardCharsets.UTF_8));
            awaitStatus("hand.example.com", 200);
            assertThat(share("HAND.example.com.")).containsOnlyKeys("by-hand");
            zk.delete().forPath(path);
            awaitStatus("hand.example.com", 503);
        }
    }

    @Test
    void aServiceOfCuratorsOwnDiscoveryIsRoutedAndLeaves() throws Exception {
        Backend shop = backend("curator.example.com", "x-discovery");
        try (CuratorFramework zk = client();
                ServiceDiscovery<Void> discovery = ServiceDiscoveryBuilder.builder(Void.class)
                        .client(zk)
                        .basePath("/rollcall/services")
                        .build()) {
            discovery.start();
            ServiceInstance<Void> instance = ServiceInstance.<Void>builder()
                    .name("curator.example.com")
                    .address("127.0.0.1")
                    .port(shop.port())
                    .build();
            discovery.registerService(instance);
            awaitStatus("curator.example.com", 200);
            assertThat(share("curator.example.com")).containsOnlyKeys("x-discovery");
            discovery.unregisterService(instance);
            awaitStatus("curator.example.com", 503);
        }
    }

    private CuratorFramework client() {
        CuratorFramework zk = CuratorFrameworkFactory.newClient(zookeeper.getConnectString(), new RetryNTimes(20, 200));
        zk.start();
        return zk;
    }
}
