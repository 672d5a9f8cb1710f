package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.agent.Agent;
import io.rollcall.agent.admin.AdminClient;
import io.rollcall.agent.config.AgentConfig;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent knows which requests rode on declared workers: by what httpd has read, which is not what stands in the file. */
class DeclaredWorkersTest {
    @TempDir
    Path directory;

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private TestingServer zookeeper;
    private Registrar registrar;

    @AfterEach
    void stop() throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }

    @Test
    void aBackendCountsAsDeclaredOnceHttpdHasReadOfIt() throws Exception {
        zookeeper = started(new TestingServer());
        registrar = started(Registrar.builder(zookeeper.getConnectString()).build());
        Agent before = agent();
        backend("one");
        Httpd httpd = started(Httpd.in(directory.resolve("httpd"))
                .maps(directory.resolve("maps"))
                .evidence()
                .virtualHost("any.invalid", "Use Rollcall")
                .virtualHost(
                        "one.example.com",
                        "Use RollcallService one.example.com\n<Location /no>\nSetEnv A b\n</Location>")
                .start());
        awaitFollowed();
        ask(httpd, "one", 1, 1, 1.0);

        backend("two"); // httpd does not know of it
        ask(httpd, "one", 1, 2, 1.0);
        await().untilAsserted(() -> {
            get(httpd, "two");
            assertThat(workers().path("share").asDouble()).isBetween(0.01, 0.9);
        });
        httpd.gracefulRestart();
        await().untilAsserted(() -> {
            get(httpd, "two");
            assertThat(workers().path("read").asInt()).isEqualTo(2);
        });
        await().untilAsserted(() -> {
            get(httpd, "two");
            assertThat(workers().path("share").asDouble()).isGreaterThan(0.9);
        });

        backend("three");
        started.remove(before);
        before.close();
        agent();
        awaitFollowed();
        await().untilAsserted(() -> {
            get(httpd, "two");
            assertThat(workers().path("share").asDouble(-1))
                    .as("the file is another one")
                    .isZero();
            assertThat(workers().path("shareOfOthers").asDouble(-1))
                    .as("nor is it known to be none")
                    .isZero();
            assertThat(workers().has("read")).isFalse();
        });
        httpd.gracefulRestart();
        await().untilAsserted(() -> {
            get(httpd, "three");
            assertThat(workers().path("read").asInt()).isEqualTo(3);
        });
    }

    private void ask(Httpd httpd, String name, int read, int declared, double share) {
        await().untilAsserted(() -> {
            get(httpd, name);
            assertThat(workers().path("read").asInt()).isEqualTo(read);
            assertThat(workers().path("declared").asInt()).isEqualTo(declared);
            assertThat(workers().path("share").asDouble()).isEqualTo(share);
        });
    }

    private static void get(Httpd httpd, String name) throws IOException {
        assertThat(RawHttp.get(httpd.port(), name + ".example.com", "/no/where").status())
                .isEqualTo(200);
    }

    private JsonNode workers() throws IOException {
        return new AdminClient(directory.resolve("agent.sock")).status().path("workers");
    }

    /** What ended before is not read. */
    private void awaitFollowed() {
        await().until(() -> new AdminClient(directory.resolve("agent.sock"))
                .status()
                .path("requestLogs")
                .path("problem")
                .asText()
                .matches("|httpd's child .*|no end of a request .*"));
    }

    private void backend(String name) throws IOException {
        Backend backend = started(Backend.start(name + ".example.com", name));
        registrar.register(io.rollcall.registrar.Backend.of(backend.service(), backend.port())
                .address("127.0.0.1")
                .build());
        await().until(() ->
                Files.readString(directory.resolve("maps/backends.map")).contains(backend.address()));
        await().until(() ->
                Files.readString(directory.resolve("maps/workers.conf")).contains(backend.address()));
    }

    private Agent agent() throws Exception {
        Path file = directory.resolve("agent.properties");
        Files.writeString(file, """
                zookeeper = %2$s
                maps.dir = %1$s/maps
                state.dir = %1$s/state
                socket = %1$s/agent.sock
                allow.networks = 127.0.0.0/8
                probe.interval = off
                httpd.logs = %1$s/httpd/requests.log, %1$s/httpd/error.log
                """.formatted(directory, zookeeper.getConnectString()));
        Agent agent = started(new Agent(AgentConfig.read(file, false)));
        agent.start();
        TestMaps.await(directory.resolve("maps"));
        return agent;
    }

    private <T extends AutoCloseable> T started(T one) {
        started.push(one);
        return one;
    }
}
