package io.rollcall.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.health.Health;
import io.rollcall.agent.journal.Event;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Instance;
import io.rollcall.registry.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first views after a restart, while health has not said anything yet. */
final class JudgeTest {
    private static final Facts FACTS =
            new Facts(Roll.of(List.of(node("a", 8081), node("b", 8082), node("c", 8083))), Orders.NONE);

    @TempDir
    private Path dir;

    private final List<Event> events = new ArrayList<>();
    private AgentConfig config;
    private Health health;

    @BeforeEach
    void configure() throws Exception {
        Files.createDirectory(dir.resolve("maps"));
        config = AgentConfig.read(
                Files.writeString(
                        dir.resolve("agent.properties"),
                        "zookeeper = 127.0.0.1:1\nallow.networks = 127.0.0.0/8\nmaps.dir = " + dir.resolve("maps")
                                + "\nstate.dir = " + dir + "\n"),
                false);
        health = new Health(config.health(), System::nanoTime, new SplittableRandom(1), () -> {});
    }

    @AfterEach
    void end() {
        health.close();
    }

    @Test
    void whoGotNoRequestsBeforeGetsNoneBeforeAProbePasses() throws Exception {
        Files.writeString(
                dir.resolve("maps/backends.map"), "# rollcall\nshop.example.com 127.0.0.1:8081|127.0.0.1:8083\n");
        assertThat(routes(Optional.empty())).containsExactly("127.0.0.1:8081", "127.0.0.1:8083");
    }

    @Test
    void whetherTheRegistryAnswersOrNot() throws Exception {
        Files.writeString(
                dir.resolve("maps/backends.map"),
                "shop.example.com 2\nshop.example.com/1 127.0.0.1:8081\nshop.example.com/2 127.0.0.1:8083\n");
        assertThat(routes(Optional.of(FACTS))).containsExactly("127.0.0.1:8081", "127.0.0.1:8083");
    }

    @Test
    void whereNobodyGotAnyAllDo() throws Exception {
        Files.writeString(dir.resolve("maps/backends.map"), "shop.example.com -\n");
        assertThat(routes(Optional.empty())).hasSize(3);
    }

    @Test
    void withoutMapsAllAreTrusted() {
        assertThat(routes(Optional.empty())).hasSize(3);
    }

    @Test
    void nothingIsToldOfWhatIsNotPublished() {
        Judge judge = judge();
        judge.judge(Optional.of(Facts.NONE), Set.of(), KnownNames.NONE, Instant.now());
        assertThat(events).isEmpty();
        judge.published(judge.judge(Optional.of(Facts.NONE), Set.of(), KnownNames.NONE, Instant.now())
                .view());
        assertThat(events).extracting(Event::what).containsExactly("hold", "hold", "hold");
    }

    @Test
    void whatWasThereBeforeTheAgentIsOneLineAndWhatComesLaterOneEach() {
        Judge judge = new Judge(config, health, Optional.empty(), events::addAll, System::nanoTime);
        judge.published(judged(judge, Optional.empty()));
        judge.published(judged(judge, Optional.of(FACTS)));
        assertThat(events).extracting(Event::what).containsExactly("start");
        assertThat(events.get(0).why()).isEqualTo("1 services with 3 backends were there");
        events.clear();

        Roll more = FACTS.roll().with(List.of(node("d", 8084)));
        judge.published(judged(judge, Optional.of(new Facts(more, Orders.NONE))));
        assertThat(events).extracting(Event::backend).containsExactly("d");
    }

    @Test
    void theFirstBackendOfAnEmptyRegistryJoins() {
        Judge judge = new Judge(config, health, Optional.empty(), events::addAll, System::nanoTime);
        judge.published(judged(judge, Optional.of(Facts.NONE)));
        judge.published(judged(judge, Optional.of(FACTS)));
        assertThat(events).extracting(Event::what).startsWith("join", "join", "join");
    }

    private static View judged(Judge judge, Optional<Facts> read) {
        return judge.judge(read, Set.of(), KnownNames.NONE, Instant.now()).view();
    }

    private List<String> routes(Optional<Facts> read) {
        View view =
                judge().judge(read, Set.of(), KnownNames.NONE, Instant.now()).view();
        return view.service("shop.example.com").orElseThrow().routable().stream()
                .map(routable -> routable.target().toString())
                .toList();
    }

    private Judge judge() {
        return new Judge(config, health, Optional.of(FACTS), events::addAll, System::nanoTime);
    }

    private static Node node(String id, int port) {
        Instance instance = new Instance(
                "shop.example.com", id, "127.0.0.1", port, "http", "", State.UP, 1, id, "", "", 0, Map.of());
        return new Node("shop.example.com", id + "~1", 1, 1, new Node.Content.Valid(instance));
    }
}
