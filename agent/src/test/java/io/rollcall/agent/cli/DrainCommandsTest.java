package io.rollcall.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.agent.cli.FakeRegistry.Run;
import io.rollcall.registry.Ack.Stage;
import io.rollcall.registry.Order;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person and a script see of the commands that drain; the agents say what the test wants. */
final class DrainCommandsTest {
    private static final String SHOP = "shop.example.com";
    private static final Duration LONG = Duration.ofSeconds(60);

    private FakeRegistry registry;

    @BeforeEach
    void start() throws Exception {
        registry = new FakeRegistry();
        registry.backend(SHOP, "a", "41", 8001);
        registry.backend(SHOP, "b", "42", 8002);
        registry.agent("web1", true);
    }

    @AfterEach
    void stop() throws Exception {
        registry.close();
    }

    @Test
    void aDrainEndsWithTheEvidence() throws Exception {
        StringWriter err = new StringWriter();
        CompletableFuture<Run> drain = CompletableFuture.supplyAsync(
                () -> registry.run(new StringWriter(), err, "drain", "Shop.example.com.", "a"));
        await().atMost(LONG).until(() -> registry.order(SHOP, "a").isPresent());
        registry.ack("web1", SHOP, "a", Stage.SWITCHED, 2);
        await().atMost(LONG).until(() -> err.toString().contains("a: waiting: web1: 2 connections open"));
        registry.ack("web1", SHOP, "a", Stage.QUIET, 0);

        Run end = drain.get();
        assertThat(end.exit()).isZero();
        assertThat(end.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(
                                        "a \\(10.0.0.5:8001\\) of shop.example.com is quiet after [0-9.]+ s: it may be stopped"),
                        line -> assertThat(line).isEqualTo("  AGENT  EVIDENCE     DETAIL"),
                        line -> assertThat(line).isEqualTo("  web1   connections"));
    }

    @Test
    void aHandoverIsOneJsonObject() throws Exception {
        CompletableFuture<Run> handover = CompletableFuture.supplyAsync(
                () -> registry.run("handover", SHOP, "--from", "version=41", "--to", "10.0.0.5:8002", "--json"));
        await().atMost(LONG).until(() -> registry.order(SHOP, "a").isPresent());
        assertThat(registry.order(SHOP, "a").orElseThrow().action()).isEqualTo(Order.Action.PREPARE);
        registry.ack("web1", SHOP, "a", Stage.READY, 0);
        await().atMost(LONG).until(() -> registry.order(SHOP, "a").orElseThrow().action() == Order.Action.DRAIN);
        registry.ack("web1", SHOP, "a", Stage.QUIET, 0);

        JsonNode json = handover.get().json();
        assertThat(json.path("result").asText()).isEqualTo("quiet");
        assertThat(json.path("exit").asInt()).isZero();
        JsonNode a = json.path("backends").path(0);
        assertThat(a.path("target").asText()).isEqualTo("10.0.0.5:8001");
        assertThat(a.path("verdict").asText()).isEqualTo("quiet");
        assertThat(a.path("agents").path(0).path("evidence").asText()).isEqualTo("connections");
    }

    @Test
    void whatIsStillOpenIsNamedWhenTimeIsUp() throws Exception {
        Run run = registry.run("drain", SHOP, "a", "--timeout", "300ms");
        assertThat(run.exit()).isEqualTo(4);
        assertThat(run.out()).contains("web1: not switched: it has not answered yet");
        assertThat(run.err())
                .contains("the order to drain it stands")
                .contains("`rollcall undrain shop.example.com a` takes it back");
        registry.ack("web1", SHOP, "a", Stage.QUIET, 0);
        Run again = registry.run("drain", SHOP, "a");
        assertThat(again.exit()).isZero();
        assertThat(again.err()).contains("a: the order stands already, given by ");
    }

    @Test
    void anAgentThatCannotBeAskedIsNamedWithItsOwnStatus() throws Exception {
        registry.agent("web2", false);
        Run prepare = registry.run("handover", SHOP, "--from", "a", "--to", "b", "--timeout", "300ms");
        assertThat(prepare.exit()).isEqualTo(4); // web1 has not answered
        registry.ack("web1", SHOP, "a", Stage.READY, 0);
        Run run = registry.run("handover", SHOP, "--from", "a", "--to", "b", "--timeout", "300ms", "--json");
        assertThat(run.exit()).isEqualTo(5);
        assertThat(run.json().path("result").asText()).isEqualTo("unconfirmed");
        assertThat(run.err()).contains("web2: not connected (last seen 20").contains("a gets requests as before");

        assertThat(registry.run("agents").out()).containsPattern("web2 +web2.example.com +no +20");
        assertThat(registry.run("agents", "forget", "web1").exit()).isEqualTo(1);
        assertThat(registry.run("agents", "forget", "web3").exit()).isEqualTo(6);
        assertThat(registry.run("agents", "forget", "web2").exit()).isZero();
        assertThat(registry.run("agents", "--json").json().path("agents")).hasSize(1);
    }

    @Test
    void whoIsUnknownIsAnsweredWithWhoIsThere() {
        Run run = registry.run("drain", SHOP, "c");
        assertThat(run.exit()).isEqualTo(6);
        assertThat(run.err())
                .isEqualTo(
                        "rollcall drain: shop.example.com has no backend 'c': there is a, b" + System.lineSeparator());
        assertThat(registry.run("drain", "shop.example.org", "a").err()).contains("there is shop.example.com");
        assertThat(registry.run("drain", SHOP, "a", "b").exit()).isEqualTo(1);
        assertThat(registry.run("drain", SHOP).exit()).isEqualTo(2);
        assertThat(registry.run("drain", SHOP, "a", "--timeout", "soon").exit()).isEqualTo(2);
    }

    @Test
    void anOrderIsSeenAndTakenBack() throws Exception {
        assertThat(registry.run("drains").out()).isEqualTo("No order stands.\n");
        Run ordered = registry.run("drain", SHOP, "a", "--no-wait", "--by", "monitor");
        assertThat(ordered.exit()).isZero();
        registry.ack("web1", SHOP, "a", Stage.SWITCHED, 2);
        Run shown = registry.run("drains", SHOP);
        assertThat(shown.out())
                .startsWith("a of shop.example.com: drain, ordered by monitor at 20")
                .contains("waiting: web1: 2 connections open")
                .containsPattern("web1 +yes +switched +2 +connections");
        assertThat(registry.run("drains", "other.example.com").out()).isEqualTo("No order stands.\n");
        assertThat(registry.run("undrain", SHOP, "a").out())
                .isEqualTo("The order for a of shop.example.com is taken back\n");
        assertThat(registry.order(SHOP, "a")).isEmpty();
        assertThat(registry.run("cancel", SHOP, "--json").json().path("backends"))
                .isEmpty();
    }

    @Test
    void aLostSuccessorIsNoSuccess() throws Exception {
        CompletableFuture<Run> handover =
                CompletableFuture.supplyAsync(() -> registry.run("handover", SHOP, "--from", "a", "--to", "b"));
        await().atMost(LONG).until(() -> registry.order(SHOP, "a").isPresent());
        registry.gone(SHOP, "b");
        assertThat(handover.get().exit()).isEqualTo(1);
        assertThat(handover.get().out()).contains("b is gone");
        assertThat(registry.order(SHOP, "a")).isEmpty();
    }
}
