package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An agent that probes real listeners. */
final class HealthAgentTest extends AgentFixture {
    private static final String PROBES = "probe.interval = 100ms\nprobe.timeout = 5s\nslow.start = 0s\n";

    @Test
    void aDeadBackendIsOutBeforeTheRegistryKnowsAndBackWhenItAnswers() throws Exception {
        ServerSocket a = listen(0);
        ServerSocket b = listen(0);
        put("shop.example.com/a~1", backend(a.getLocalPort(), 1));
        put("shop.example.com/b~1", backend(b.getLocalPort(), 1));
        start(PROBES);
        awaitRoutes("shop.example.com", a.getLocalPort(), b.getLocalPort());
        int port = b.getLocalPort();
        b.close();
        awaitRoutes("shop.example.com", a.getLocalPort());
        assertThat(backend("b").path("reason").asText()).isEqualTo("ejected: Connection refused");
        assertThat(backend("b").path("health").path("condition").asText()).isEqualTo("unfit");
        listen(port);
        awaitRoutes("shop.example.com", a.getLocalPort(), port);
        assertThat(backend("b").path("health").path("lastError").asText()).isEqualTo("Connection refused");
        assertThat(backend("b").path("health").path("ejections").asInt()).isEqualTo(1);
        await().atMost(30, SECONDS)
                .until(
                        () -> events("shop.example.com"),
                        events -> events.contains("b eject") && events.contains("b return"));
        assertThat(Files.readString(dir.resolve("state/events.log")))
                .contains(" shop.example.com b eject Connection refused");
    }

    @Test
    void aNewBackendGetsNothingBeforeItListens() throws Exception {
        ServerSocket a = listen(0);
        put("shop.example.com/a~1", backend(a.getLocalPort(), 1));
        start(PROBES);
        awaitRoutes("shop.example.com", a.getLocalPort());
        ServerSocket later = listen(0);
        int port = later.getLocalPort();
        later.close();
        put("shop.example.com/b~1", backend(port, 1));
        await().atMost(30, SECONDS)
                .until(() -> backend("b").path("reason").asText().contains("refused"));
        awaitRoutes("shop.example.com", a.getLocalPort());
        listen(port);
        awaitRoutes("shop.example.com", a.getLocalPort(), port);
    }

    @Test
    void whenAllAreDeadAllStayRouted() throws Exception {
        ServerSocket a = listen(0);
        ServerSocket b = listen(0);
        put("shop.example.com/a~1", backend(a.getLocalPort(), 1));
        put("shop.example.com/b~1", backend(b.getLocalPort(), 1));
        start(PROBES);
        awaitRoutes("shop.example.com", a.getLocalPort(), b.getLocalPort());
        a.close();
        b.close();
        await().atMost(30, SECONDS).until(() -> service().path("panic").asBoolean());
        awaitRoutes("shop.example.com", a.getLocalPort(), b.getLocalPort());
        await().atMost(30, SECONDS).until(() -> events("shop.example.com"), events -> events.contains("- panic"));
    }

    @Test
    void aWipedRegistryTakesNobodyOutWhoAnswers() throws Exception {
        ServerSocket a = listen(0);
        ServerSocket b = listen(0);
        ServerSocket dead = listen(0);
        put("shop.example.com/a~1", backend(a.getLocalPort(), 1));
        put("shop.example.com/b~1", backend(b.getLocalPort(), 1));
        put("shop.example.com/c~1", backend(dead.getLocalPort(), 1));
        start(PROBES);
        awaitRoutes("shop.example.com", a.getLocalPort(), b.getLocalPort(), dead.getLocalPort());
        zk.delete().deletingChildrenIfNeeded().forPath("/rollcall/services");
        await().atMost(30, SECONDS)
                .until(() -> client().status().path("health").path("absentees").asInt() == 3);
        dead.close();
        awaitRoutes("shop.example.com", a.getLocalPort(), b.getLocalPort());
        put("shop.example.com/a~2", backend(a.getLocalPort(), 1));
        await().atMost(30, SECONDS)
                .until(() -> client().status().path("health").path("absentees").asInt() == 1);
        awaitRoutes("shop.example.com", a.getLocalPort(), b.getLocalPort());
        await().atMost(30, SECONDS)
                .until(
                        () -> events("shop.example.com"),
                        events -> events.contains("b hold") && events.contains("c lost"));
    }

    private ServerSocket listen(int port) throws IOException {
        return later(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
    }

    private void awaitRoutes(String service, int... ports) {
        List<String> targets = new ArrayList<>();
        for (int port : ports) {
            targets.add("127.0.0.1:" + port);
        }
        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(routes(service)).containsExactlyInAnyOrderElementsOf(targets));
    }

    private List<String> routes(String service) throws IOException {
        return map().lines()
                .filter(line -> line.startsWith(service + " "))
                .flatMap(line -> List.of(line.substring(service.length() + 1).split("\\|")).stream())
                .distinct()
                .toList();
    }

    private JsonNode service() throws IOException {
        return client().why("shop.example.com");
    }

    private JsonNode backend(String id) throws IOException {
        for (JsonNode backend : service().path("backends")) {
            if (backend.path("id").asText().equals(id)) {
                return backend;
            }
        }
        return service().path("none");
    }

    private List<String> events(String service) throws IOException {
        List<String> events = new ArrayList<>();
        client().events(service, 0, 100)
                .path("events")
                .forEach(event -> events.add(event.path("backend").asText() + " "
                        + event.path("what").asText()));
        return events;
    }
}
