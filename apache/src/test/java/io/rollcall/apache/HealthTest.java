package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.agent.Agent;
import io.rollcall.agent.admin.AdminClient;
import io.rollcall.agent.config.AgentConfig;
import io.rollcall.registrar.Registrar;
import io.rollcall.registrar.Registration;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backends that are not well, while the registry says that they are: registrar, ZooKeeper, agent and httpd, all real. Where the
 * probes are an hour apart only what httpd logs of its requests can tell.
 */
class HealthTest {
    private static final String SHOP = "shop.example.com";
    private static final String RARELY = "probe.interval = 1h\n";
    private static final String OFTEN = "probe.interval = 100ms\n";

    @TempDir
    Path directory;

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private Registrar registrar;
    private Httpd httpd;

    @BeforeEach
    void registry() throws Exception {
        TestingServer zookeeper = started(new TestingServer());
        registrar = started(Registrar.builder(zookeeper.getConnectString()).build());
        Files.writeString(directory.resolve("zookeeper"), zookeeper.getConnectString());
    }

    @AfterEach
    void stop() throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }

    private void start(String settings) throws Exception {
        Path file = directory.resolve("agent.properties");
        Files.writeString(file, """
                zookeeper = %2$s
                maps.dir = %1$s/maps
                state.dir = %1$s/state
                socket = %1$s/agent.sock
                allow.networks = 127.0.0.0/8
                slow.start = 0s
                httpd.logs = %1$s/httpd/requests.log, %1$s/httpd/error.log
                """.formatted(directory, Files.readString(directory.resolve("zookeeper"))) + settings);
        Agent agent = started(new Agent(AgentConfig.read(file, false)));
        agent.start();
        TestMaps.await(directory.resolve("maps"));
        httpd = started(Httpd.in(directory.resolve("httpd"))
                .maps(directory.resolve("maps"))
                .evidence()
                .virtualHost("any.invalid", "Use Rollcall")
                .start());
    }

    private <T extends AutoCloseable> T started(T one) {
        started.push(one);
        return one;
    }

    private Backend backend(String id) throws IOException {
        return backend(id, 0);
    }

    private Backend backend(String id, int port) throws IOException {
        return started(Backend.start(SHOP, id, Ports.loopback(), port));
    }

    /** Returns when it refuses connections: the accepting thread may let one more in. */
    private static void kill(Backend backend) throws IOException {
        backend.close();
        await().until(() -> {
            try (Socket socket = new Socket(Ports.loopback(), backend.port())) {
                return !socket.isConnected();
            } catch (ConnectException e) {
                return true;
            }
        });
    }

    private Registration register(String id, int port, String probe) {
        return registrar.register(io.rollcall.registrar.Backend.of(SHOP, port)
                .address("127.0.0.1")
                .id(id)
                .probe(probe)
                .linger(Duration.ofMillis(200))
                .build());
    }

    private Backend routed(String id, String probe) throws IOException {
        Backend backend = backend(id);
        register(id, backend.port(), probe);
        await().until(() -> routes().contains(backend.address()));
        return backend;
    }

    private Set<String> routes() throws IOException {
        Set<String> routes = new TreeSet<>();
        Files.readAllLines(directory.resolve("maps/backends.map")).stream()
                .filter(line -> line.startsWith(SHOP + " "))
                .forEach(line ->
                        routes.addAll(List.of(line.substring(SHOP.length() + 1).split("\\|"))));
        return routes;
    }

    private JsonNode known(String id) throws IOException {
        JsonNode why = new AdminClient(directory.resolve("agent.sock")).why(SHOP);
        for (JsonNode backend : why.path("backends")) {
            if (backend.path("id").asText().equals(id)) {
                return backend;
            }
        }
        return why.path("none");
    }

    private HttpMessage get(String target) throws IOException {
        return RawHttp.get(httpd.port(), SHOP, target);
    }

    /** Soon enough after each other to be a burst. */
    private void tenTimes() throws IOException {
        for (int i = 0; i < 10; i++) {
            get("/");
        }
    }

    @Test
    void theFirstRequestThatADeadBackendRefusesTakesItOutAndIsAnsweredByAnother() throws Exception {
        start(RARELY);
        Backend stays = routed("stays", "");
        Backend dies = routed("dies", "");
        kill(dies);
        await().during(Duration.ofMillis(300)).until(() -> routes().size() == 2); // nobody has asked it for anything
        Set<Integer> statuses = new TreeSet<>();
        await().until(() -> {
            statuses.add(get("/").status());
            return routes().equals(Set.of(stays.address()));
        });
        assertThat(statuses).containsExactly(200);
        assertThat(known("dies").path("state").asText()).isEqualTo("up"); // says the registry
        assertThat(known("dies").path("reason").asText()).isEqualTo("ejected: Connection refused");
        assertThat(known("dies").path("traffic").path("connectFailures").asInt())
                .isPositive();
        Backend again = backend("dies", dies.port());
        await().until(() -> routes().contains(again.address()));
    }

    @Test
    void burstsOf503EjectAndTheApplicationsOwn500DoesNot() throws Exception {
        start(RARELY);
        Backend well = routed("well", "");
        Backend sick = routed("sick", "");
        sick.answers(request -> Answer.text(500, "my own fault"));
        await().until(() -> {
            get("/");
            return known("sick").path("traffic").path("5xx").asInt() == 100 && sick.requests() > 20;
        });
        assertThat(routes()).hasSize(2);
        sick.answers(request -> Answer.text(503, "I am overloaded"));
        await().until(() -> {
            tenTimes();
            return routes().equals(Set.of(well.address()));
        });
        assertThat(known("sick").path("health").path("source").asText()).isEqualTo("traffic");
        assertThat(known("sick").path("reason").asText()).contains("requests got 503");
        sick.answers(request -> Answer.text(200, "well again"));
        await().until(() -> routes().size() == 2);
    }

    @Test
    void aHangingApplicationIsFoundByAskingItAndGetsNothingUntilItAnswers() throws Exception {
        start(OFTEN + "probe.timeout = 100ms\n");
        Backend well = routed("well", "/health");
        Backend hangs = routed("hangs", "/health");
        hangs.answers(
                request -> Answer.text(request.target().equals("/health") ? 503 : 200, "")); // it takes connections
        await().until(() -> routes().equals(Set.of(well.address())));
        assertThat(known("hangs").path("reason").asText()).isEqualTo("ejected: answered 503");
        hangs.answers(request -> Answer.text(200, ""));
        await().until(() -> routes().size() == 2);
    }

    @Test
    void aNewBackendGetsItsFirstRequestAfterItsFirstPass() throws Exception {
        start(OFTEN);
        Backend old = routed("old", "");
        int port = Ports.free();
        register("new", port, "");
        await().until(() -> known("new").path("reason").asText().startsWith("not passed a probe yet: "));
        for (int i = 0; i < 20; i++) {
            assertThat(Echo.of(get("/")).backend()).isEqualTo("old");
        }
        assertThat(routes()).containsExactly(old.address());
        Backend young = backend("new", port);
        await().until(() -> get("/").status() == 200 && young.requests() > 0);
    }

    @Test
    void theOnlyBackendStaysWhateverItSaysAndWhenItIsDeadEverybodyIsToldWhenToComeBack() throws Exception {
        start(OFTEN);
        Backend only = routed("only", "");
        only.answers(request -> Answer.text(503, "busy"));
        await().until(() -> {
            tenTimes();
            return known("only").path("health").path("condition").asText().equals("unfit");
        });
        assertThat(get("/").text()).isEqualTo("busy");
        kill(only);
        for (String method : List.of("GET", "POST")) {
            String request = RawHttp.request(method, SHOP, "/", "Content-Length: 3") + "abc";
            HttpMessage answer =
                    RawHttp.exchange(httpd.port(), method.equals("GET") ? RawHttp.request("GET", SHOP, "/") : request);
            assertThat(answer.status()).as(method).isEqualTo(503);
            assertThat(answer.header("Retry-After")).as(method).contains("2");
        }
        assertThat(routes()).containsExactly(only.address());
        Backend again = backend("only", only.port());
        assertThat(get("/").status()).isEqualTo(200); // at once: it was never out
        assertThat(again.requests()).isEqualTo(1);
    }

    @Test
    void whenAllAreDeadTheFirstThatIsBackGetsEverything() throws Exception {
        start(OFTEN);
        Backend a = routed("a", "");
        Backend b = routed("b", "");
        kill(a);
        kill(b);
        await().until(() -> known("a").path("health").path("condition").asText().equals("unfit")
                && known("b").path("health").path("condition").asText().equals("unfit"));
        HttpMessage answer = get("/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("2");
        await().until(() -> routes().size() == 2);
        backend("a", a.port());
        await().until(() -> routes().equals(Set.of(a.address())));
        for (int i = 0; i < 20; i++) {
            assertThat(get("/").status()).isEqualTo(200);
        }
    }
}
