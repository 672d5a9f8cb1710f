package io.rollcall.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.Ack.Evidence;
import io.rollcall.registry.Ack.Stage;
import io.rollcall.registry.Order;
import io.rollcall.registry.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders and waits against a real ZooKeeper; the agents say what the test wants. */
final class DrainsTest {
    private static final String SHOP = "shop.example.com";
    private static final Duration LONG = Duration.ofSeconds(60);

    private TestingServer server;
    private Tree tree;
    private FakeAgent web1;
    private Drains drains;

    @BeforeEach
    void start() throws Exception {
        server = new TestingServer();
        tree = new Tree(server.getConnectString());
        tree.backend(SHOP, "a", "41", 8001);
        tree.backend(SHOP, "b", "42", 8002);
        web1 = new FakeAgent(server.getConnectString(), "web1");
        drains = Drains.connect(server.getConnectString());
    }

    @AfterEach
    void stop() throws Exception {
        drains.close();
        web1.close();
        tree.close();
        server.close();
    }

    @Test
    void aBackendIsQuietWhenEveryAgentSaysSo() throws Exception {
        try (FakeAgent web2 = new FakeAgent(server.getConnectString(), "web2")) {
            Drain drain = drains.drain(SHOP, "a");
            assertThat(tree.order(SHOP, "a").orElseThrow().incarnation()).isEqualTo("41");
            assertThat(tree.order(SHOP, "a").orElseThrow().target()).isEqualTo("10.0.0.5:8001");
            awaitHolds(
                    drain,
                    "web1: not switched: it has not answered yet",
                    "web2: not switched: it has not answered yet");

            web1.ack(SHOP, "a", Stage.QUIET, Evidence.REQUESTS, 0, "12 requests seen to their end");
            web2.ack(SHOP, "a", Stage.SWITCHED, Evidence.CONNECTIONS, 2, "");
            awaitHolds(drain, "web2: 2 connections open");

            web2.ack(SHOP, "a", Stage.QUIET);
            assertThat(drain.await(LONG).verdict())
                    .isEqualTo(new Verdict.Quiet(List.of(
                            new Verdict.Proof("web1", Evidence.REQUESTS, "12 requests seen to their end"),
                            new Verdict.Proof("web2", Evidence.CONNECTIONS, ""))));
        }
        assertThat(tree.order(SHOP, "a")).isPresent();
    }

    @Test
    void theBackendsOwnCountIsWaitedForWhereThereIsOne() throws Exception {
        Drain drain = drains.drain(SHOP, "a");
        web1.ackAsRegistrar(SHOP, "a", 3);
        web1.ack(SHOP, "a", Stage.QUIET);
        awaitHolds(drain, "a: counts 3 requests itself");
        web1.ackAsRegistrar(SHOP, "a", 0);
        assertThat(drain.await(LONG).isQuiet()).isTrue();
    }

    @Test
    void anAgentThatIsKnownAndNotConnectedIsNamedUntilItIsForgotten() throws Exception {
        new FakeAgent(server.getConnectString(), "web2").close();
        Drain drain = drains.drain(SHOP, "a");
        web1.ack(SHOP, "a", Stage.QUIET);
        Progress progress = awaitProgress(drain, now -> texts(now).size() == 1);
        assertThat(texts(progress).get(0)).startsWith("web2: not connected (last seen 20");
        assertThat(((Verdict.Waiting) progress.verdict()).unreachableOnly()).isTrue();

        assertThat(drains.agents()).extracting(KnownAgent::id).containsExactly("web1", "web2");
        assertThatThrownBy(() -> drains.forget("web1")).hasMessageContaining("web1 is connected");
        assertThatThrownBy(() -> drains.forget("web3")).hasMessageContaining("there is web1, web2");
        drains.forget("web2");
        assertThat(drain.await(LONG).isQuiet()).isTrue();
    }

    @Test
    void withoutAnyAgentNothingIsConfirmed() throws Exception {
        web1.close();
        tree.delete(Tree.PATHS.agent("web1"));
        Drain drain = drains.drain(SHOP, "a");
        awaitHolds(drain, "no agent is known, so nobody can tell who is routing");
        assertThat(drain.await(Duration.ofMillis(1)).isQuiet()).isFalse();
    }

    @Test
    void aHandoverDrainsOnlyWhenEveryAgentRoutesToTheSuccessor() throws Exception {
        Drain drain = drains.handover(SHOP, "a", "b");
        Order prepare = tree.order(SHOP, "a").orElseThrow();
        assertThat(prepare.action()).isEqualTo(Order.Action.PREPARE);
        assertThat(prepare.to()).containsExactly(new Order.Successor("b", "42"));
        web1.ack(SHOP, "a", Stage.WAITING, Evidence.NONE, 0, "b is not in the map");
        awaitHolds(drain, "web1: not ready: b is not in the map");

        web1.ack(SHOP, "a", Stage.READY);
        await().until(() -> tree.order(SHOP, "a").orElseThrow().action() == Order.Action.DRAIN);
        awaitHolds(drain, "web1: not switched: it has not answered yet");
        web1.ack(SHOP, "a", Stage.QUIET);
        assertThat(drain.await(LONG).isQuiet()).isTrue();
    }

    @Test
    void aSuccessorThatIsLostGivesTheRequestsBack() throws Exception {
        Drain drain = drains.handover(SHOP, "a", "b");
        web1.ack(SHOP, "a", Stage.READY);
        await().until(() -> tree.order(SHOP, "a").orElseThrow().action() == Order.Action.DRAIN);
        web1.ack(SHOP, "a", Stage.SWITCHED, Evidence.REQUESTS, 1, "");
        awaitHolds(drain, "web1: 1 request open");

        tree.delete(Tree.PATHS.node(SHOP, "b~42"));
        assertThat(drain.await(LONG).verdict()).isEqualTo(new Verdict.Ended(Verdict.Why.SUCCESSOR_LOST, "b is gone"));
        assertThat(tree.order(SHOP, "a")).isEmpty();
    }

    @Test
    void aBackendThatVanishesWithoutAWordIsWaitedForAndOneThatLeftIsNot() throws Exception {
        Drain drain = drains.drain(SHOP, "a");
        tree.delete(Tree.PATHS.node(SHOP, "a~41"));
        web1.ack(SHOP, "a", Stage.SWITCHED, Evidence.REQUESTS, 1, "");
        awaitHolds(drain, "web1: 1 request open");
        web1.ack(SHOP, "a", Stage.QUIET);
        assertThat(drain.await(LONG).isQuiet()).isTrue();

        Drain other = drains.drain(SHOP, "b", Terms.DEFAULT.force(true));
        tree.backend(SHOP, "b", "42", 8002, State.LEFT);
        web1.ack(SHOP, "b", Stage.SWITCHED, Evidence.REQUESTS, 1, "");
        awaitHolds(other, "web1: 1 request open");
        tree.delete(Tree.PATHS.node(SHOP, "b~42"));
        assertThat(other.await(LONG).verdict())
                .isEqualTo(new Verdict.Ended(Verdict.Why.GONE, "b left before it was quiet"));
    }

    @Test
    void aBackendStartedAnewIsAnotherOne() throws Exception {
        Drain drain = drains.drain(SHOP, "a");
        tree.backend(SHOP, "a", "41-again", 8001);
        assertThat(drain.await(LONG).verdict())
                .isEqualTo(new Verdict.Ended(Verdict.Why.RESTARTED, "another process has registered as a"));
        // the order of the one before is replaced
        Drain anew = drains.drain(SHOP, "a");
        assertThat(anew.adopted()).isFalse();
        assertThat(tree.order(SHOP, "a").orElseThrow().incarnation()).isEqualTo("41-again");
    }

    @Test
    void whoeverGivesTheSameOrderWaitsForTheOneThatStands() throws Exception {
        Drain first = drains.handover(SHOP, "a", "b", Terms.DEFAULT.by("first"));
        drains.close();
        try (Drains others = Drains.connect(server.getConnectString())) {
            Drain second = others.handover(SHOP, "a", "b", Terms.DEFAULT.by("second"));
            assertThat(second.adopted()).isTrue();
            assertThat(second.order().by()).isEqualTo("first");
            assertThat(second.order()).isEqualTo(first.order());
            assertThatThrownBy(() -> others.drain(SHOP, "a"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("a is under another order: prepare in favour of b, by first at 20");
            web1.ack(SHOP, "a", Stage.READY);
            await().until(() -> tree.order(SHOP, "a").orElseThrow().action() == Order.Action.DRAIN);
            web1.ack(SHOP, "a", Stage.QUIET);
            assertThat(second.await(LONG).isQuiet()).isTrue();
        }
    }

    @Test
    void whatIsTakenBackIsOver() throws Exception {
        Drain drain = drains.drain(SHOP, "a");
        web1.ack(SHOP, "a", Stage.SWITCHED, Evidence.CONNECTIONS, 1, "");
        awaitHolds(drain, "web1: 1 connection open");
        assertThat(drains.list()).extracting(Progress::backend).containsExactly("a");
        assertThat(drains.undrain("Shop.Example.Com.", "10.0.0.5:8001")).containsExactly("a");
        assertThat(drain.await(LONG).verdict())
                .isEqualTo(new Verdict.Ended(Verdict.Why.CANCELLED, "the order was taken back"));
        assertThat(drain.cancel()).isFalse();
        assertThat(drains.undrain(SHOP, "a")).isEmpty();
        assertThat(drains.list()).isEmpty();
        assertThatThrownBy(() -> drains.undrain(SHOP, "c")).hasMessageContaining("no backend 'c': there is a, b");
        assertThat(drains.drain(SHOP, "a").cancel()).isTrue();
        drains.drain(SHOP, "b");
        assertThat(drains.cancel(SHOP)).containsExactly("b");
        assertThatThrownBy(() -> drains.cancel("shop.example.org")).hasMessageContaining("there is shop.example.com");
    }

    @Test
    void theLastOneIsDrainedOnlyByForce() throws Exception {
        drains.drain(SHOP, "a");
        assertThatThrownBy(() -> drains.drain(SHOP, "b"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("nobody else takes requests for shop.example.com but b; hand over");
        assertThat(drains.drain(SHOP, "b", Terms.DEFAULT.force(true)).adopted()).isFalse();
    }

    @Test
    void aWholeReleaseIsHandedOver() throws Exception {
        tree.backend(SHOP, "a2", "41", 8003);
        List<Drain> all = drains.handover(SHOP, List.of("version=41"), List.of("version=42"), Terms.DEFAULT);
        assertThat(all).extracting(Drain::backend).containsExactly("a", "a2");
        assertThat(tree.order(SHOP, "a2").orElseThrow().to()).containsExactly(new Order.Successor("b", "42"));
        assertThatThrownBy(() -> drains.handover(SHOP, List.of("version=40"), List.of("b"), Terms.DEFAULT))
                .hasMessageContaining("no backend 'version=40'");
        assertThatThrownBy(() -> drains.handover(SHOP, "b", "b")).hasMessageContaining("take over from itself");
        tree.backend(SHOP, "b", "42", 8002, State.DRAINING);
        assertThatThrownBy(() -> drains.handover(SHOP, "a", "b")).hasMessageContaining("b is draining");
    }

    @Test
    void whoeverWatchesSeesWhatWasOrderedByWhomAndWhoCameAndWent() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        drains.watch("shop.example.com.", event -> told.add(event.text()));
        await().atMost(LONG).until(() -> told.size() == 2);
        drains.drain(SHOP, "a", Terms.DEFAULT.by("monitor")); // the first order ever in this tree
        await().atMost(LONG).until(() -> told.size() == 3);
        web1.ack(SHOP, "a", Stage.QUIET);
        await().atMost(LONG).until(() -> told.size() == 4);
        tree.backend(SHOP, "c", "42", 8003);
        await().atMost(LONG).until(() -> told.size() == 5);
        tree.delete(Tree.PATHS.node(SHOP, "a~41"));
        await().atMost(LONG).until(() -> told.size() == 6);
        assertThat(told.stream().map(line -> line.replace(SHOP + " ", "").replaceFirst(" at 20.*", "")))
                .containsExactly(
                        "a (10.0.0.5:8001, version 41) is here",
                        "b (10.0.0.5:8002, version 42) is here",
                        "a (10.0.0.5:8001, version 41) is ordered to drain, by monitor",
                        "a (10.0.0.5:8001, version 41) is quiet and may be stopped",
                        "c (10.0.0.5:8003, version 42) joined",
                        "a (10.0.0.5:8001, version 41) is lost without a word");
    }

    private static void awaitHolds(Drain drain, String... texts) {
        awaitProgress(drain, now -> texts(now).equals(List.of(texts)));
    }

    private static Progress awaitProgress(Drain drain, Predicate<Progress> expected) {
        return await().atMost(LONG).until(drain::progress, expected);
    }

    private static List<String> texts(Progress progress) {
        return progress.verdict() instanceof Verdict.Waiting waiting
                ? waiting.holds().stream().map(Hold::text).toList()
                : List.of(progress.verdict().toString());
    }
}
