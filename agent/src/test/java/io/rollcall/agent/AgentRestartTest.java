package io.rollcall.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An agent that is started while ZooKeeper is away, between backends that go on living and dying. */
final class AgentRestartTest extends AgentFixture {
    private static final String PROBES = "probe.interval = 100ms\nprobe.timeout = 5s\nslow.start = 0s\n";

    @Test
    void itGoesOnJudgingWhoIsFitWhereTheOneBeforeLeftOff() throws Exception {
        ServerSocket a = listen(0);
        ServerSocket b = listen(0);
        ServerSocket c = listen(0);
        int portOfA = a.getLocalPort();
        put("shop.example.com/a~1", backend(portOfA, 1));
        put("shop.example.com/b~1", backend(b.getLocalPort(), 1));
        put("shop.example.com/c~1", backend(c.getLocalPort(), 1));
        Agent before = start(PROBES);
        awaitRoutes(portOfA, b.getLocalPort(), c.getLocalPort());
        a.close();
        awaitRoutes(b.getLocalPort(), c.getLocalPort());
        before.close();
        proxy.cut();

        start(PROBES);
        await().until(() -> client().status().path("maps").path("made").asBoolean());
        assertThat(client().status().path("view").asText()).isEqualTo("snapshot");
        c.close();
        awaitRoutes(b.getLocalPort());
        listen(portOfA);
        awaitRoutes(portOfA, b.getLocalPort());
        await().atMost(30, SECONDS)
                .untilAsserted(
                        () -> assertThat(events()).containsSubsequence("a eject", "a probe", "c eject", "a fit"));
    }

    @Test
    void mapsThatAreYoungerThanTheSnapshotStayAndNothingElseIsSaid() throws Exception {
        ServerSocket a = listen(0);
        ServerSocket b = listen(0);
        put("shop.example.com/a~1", backend(a.getLocalPort(), 1));
        put("shop.example.com/b~1", backend(b.getLocalPort(), 1));
        Agent before = start(PROBES);
        awaitRoutes(a.getLocalPort(), b.getLocalPort());
        Path snapshot = dir.resolve("state/snapshot.json");
        Path older = dir.resolve("older.json");
        await().until(() -> Files.exists(snapshot) && Files.readString(snapshot).contains("b~1"));
        Files.copy(snapshot, older);
        zk.delete().forPath("/rollcall/services/shop.example.com/b~1");
        put("shop.example.com/c~1", backend(listen(0).getLocalPort(), 1));
        await().until(() -> map().lines()
                .filter(line -> line.startsWith("shop."))
                .noneMatch(line -> line.contains(":" + b.getLocalPort())));
        await().until(() -> routes().size() == 2);
        before.close();
        Files.move(older, snapshot, StandardCopyOption.REPLACE_EXISTING); // as if it had been killed
        String younger = map();
        proxy.cut();

        start(PROBES);
        a.close();
        await().atMost(30, SECONDS)
                .until(() -> backend("a").path("reason").asText().contains("refused"));
        assertThat(client().status().path("maps").path("made").asBoolean()).isFalse();
        assertThat(client().why("shop.example.com").path("published").asBoolean())
                .isFalse();
        assertThat(map()).isEqualTo(younger);
        assertThat(events()).doesNotContain("a eject");
        proxy.restore();
        await().atMost(30, SECONDS).until(() -> routes().size() == 1);
        await().atMost(30, SECONDS).until(() -> events().contains("a eject"));
    }

    private ServerSocket listen(int port) throws IOException {
        return later(new ServerSocket(port, 4000, InetAddress.getLoopbackAddress()));
    }

    private void awaitRoutes(int... ports) {
        List<String> targets = new ArrayList<>();
        for (int port : ports) {
            targets.add("127.0.0.1:" + port);
        }
        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(routes()).containsExactlyInAnyOrderElementsOf(targets));
    }

    private List<String> routes() throws IOException {
        return map().lines()
                .filter(line -> line.startsWith("shop.example.com "))
                .flatMap(line -> List.of(line.split(" ")[1].split("\\|")).stream())
                .distinct()
                .toList();
    }

    private JsonNode backend(String id) throws IOException {
        JsonNode answer = client().why("shop.example.com");
        for (JsonNode backend : answer.path("backends")) {
            if (backend.path("id").asText().equals(id)) {
                return backend;
            }
        }
        return answer.path("none");
    }

    private List<String> events() throws IOException {
        List<String> events = new ArrayList<>();
        client().events("shop.example.com", 0, 100)
                .path("events")
                .forEach(event -> events.add(event.path("backend").asText() + " "
                        + event.path("what").asText()));
        return events;
    }
}
