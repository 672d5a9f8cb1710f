package io.rollcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.drain.Reading.Standing;
import io.rollcall.registry.Ack;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Order;
import io.rollcall.registry.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What follows from what was read. The order is for a in incarnation 41, its czxid is 100 and its mzxid 200.
 *
 * <p>Agents: {@code web1} is connected, {@code -web1} is not. Acks: {@code web1=switched:2}, of an earlier version with {@code *}
 * at the end. Backends: {@code a/41}, a state behind a colon, {@code !} for one that is drained itself.
 */
final class JudgeTest {
    @ParameterizedTest(name = "{0}: {1} | {2} | {3} | {4}")
    @CsvSource(delimiter = '|', textBlock = """
            all agents say quiet            | drain   | web1 web2  | web1=quiet web2=quiet         | a/41      | quiet: web1 by connections, web2 by connections
            one is not                      | drain   | web1 web2  | web1=quiet web2=switched:2    | a/41      | web2: 2 connections open
            switched and nothing open yet   | drain   | web1       | web1=switched:0               | a/41      | web1: switched, not quiet yet
            one has not answered            | drain   | web1 web2  | web1=quiet                    | a/41      | web2: not switched: it has not answered yet
            one is still ready only         | drain   | web1       | web1=ready                    | a/41      | web1: not switched: ready
            quiet about another version     | drain   | web1       | web1=quiet*                   | a/41      | web1: not switched: it has not answered yet
            not connected                   | drain   | web1 -web2 | web1=quiet                    | a/41      | web2: not connected (last seen 1970-01-01T00:00:00Z); it may be routing from its last view
            not connected, switched before  | drain   | web1 -web2 | web1=quiet web2=switched:0    | a/41      | web2: not connected (last seen 1970-01-01T00:00:00Z); it may be routing from its last view
            not connected, quiet before     | drain   | web1 -web2 | web1=quiet web2=quiet         | a/41      | quiet: web1 by connections, web2 by connections
            nobody is there                 | drain   | ''         | ''                            | a/41      | no agent is known, so nobody can tell who is routing
            an agent that is not listed     | drain   | web1       | web1=quiet web9=switched:1    | a/41      | web9: 1 connection open
            the backend counts itself       | drain   | web1       | web1=quiet registrar=switched:3 | a/41    | a: counts 3 requests itself
            the backend counts nothing      | drain   | web1       | web1=quiet registrar=quiet    | a/41      | quiet: web1 by connections
            its count is of another version | drain   | web1       | web1=quiet registrar=switched:3* | a/41   | quiet: web1 by connections
            a registrar is no agent         | drain   | ''         | registrar=quiet               | a/41      | no agent is known, so nobody can tell who is routing
            it vanished without a word      | drain   | web1       | web1=switched:1               | ''        | web1: 1 connection open
            it vanished and is quiet        | drain   | web1       | web1=quiet                    | ''        | quiet: web1 by connections
            it says goodbye                 | drain   | web1       | web1=switched:1               | a/41:left | web1: 1 connection open
            it was started anew             | drain   | web1       | web1=switched:1               | a/77      | ended RESTARTED: another process has registered as a
            the order is gone               | gone    | web1       | ''                            | a/41      | ended CANCELLED: the order was taken back
            the order and the backend       | gone    | web1       | ''                            | ''        | ended GONE: a is gone, and the order with it
            the order ended with it         | gone    | web1       | ''                            | a/77      | ended RESTARTED: another process has registered as a
            another order stands            | other   | web1       | ''                            | a/41      | ended CANCELLED: the order was replaced by one of somebody else
            the order was edited            | edited  | web1       | ''                            | a/41      | ended CANCELLED: the order was changed by somebody else
            """)
    void aDrain(String what, String order, String agents, String acks, String members, String expected) {
        assertThat(judged(order, "", agents, acks, members)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1} | {2} | {3} | {4}")
    @CsvSource(delimiter = '|', textBlock = """
            nobody has answered             | prepare | web1       | ''                            | a/41 b/42 | web1: not ready: it has not answered yet
            one waits                       | prepare | web1 web2  | web1=ready web2=waiting       | a/41 b/42 | web2: not ready: waiting
            all are ready                   | prepare | web1 web2  | web1=ready web2=ready         | a/41 b/42 | may drain
            ready but not connected         | prepare | -web1      | web1=ready                    | a/41 b/42 | web1: not connected (last seen 1970-01-01T00:00:00Z); it may be routing from its last view
            prepared is not quiet           | prepare | web1       | web1=quiet                    | a/41 b/42 | may drain
            nobody can be ready             | prepare | ''         | ''                            | a/41 b/42 | no agent is known, so nobody can tell who is routing
            b is lost while it prepares     | prepare | web1       | web1=ready                    | a/41      | ended SUCCESSOR_LOST: b is gone
            b is lost                       | drain   | web1       | web1=switched:1               | a/41      | ended SUCCESSOR_LOST: b is gone
            b leaves                        | drain   | web1       | web1=switched:1               | a/41 b/42:left | ended SUCCESSOR_LOST: b is left
            b drains                        | drain   | web1       | web1=switched:1               | a/41 b/42:draining | ended SUCCESSOR_LOST: b is draining
            b is another process            | drain   | web1       | web1=switched:1               | a/41 b/43 | ended SUCCESSOR_LOST: b was restarted
            b is drained                    | drain   | web1       | web1=switched:1               | a/41 b/42! | ended SUCCESSOR_LOST: b is drained itself
            b is lost when a is quiet       | drain   | web1       | web1=quiet                    | a/41      | quiet: web1 by connections
            a is gone, b too                | drain   | web1       | web1=switched:1               | ''        | ended SUCCESSOR_LOST: b is gone
            """)
    void aHandover(String what, String order, String agents, String acks, String members, String expected) {
        assertThat(judged(order, "b/42", agents, acks, members)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"90, quiet", "110, ended"})
    void anOrderWithoutIncarnationIsForTheNodeThatWasThere(long nodeCzxid, String expected) {
        Order order = order(Order.Action.DRAIN, "", List.of(), "me");
        Reading seen = new Reading(
                Optional.of(new Standing(order, 100, 200, 0)),
                agents("web1"),
                acks("web1=quiet"),
                Map.of("a", new Member(instance("a", "", State.UP), nodeCzxid)),
                Set.of());
        // quiet is said first: it was, while the order stood
        Progress progress = Judge.judge(new Goal("shop", "a", order, 100, false), seen);
        assertThat(progress.isQuiet()).isTrue();
        Reading busy = new Reading(seen.order(), seen.agents(), acks("web1=switched:1"), seen.members(), Set.of());
        assertThat(Judge.judge(new Goal("shop", "a", order, 100, false), busy).verdict())
                .isInstanceOf(expected.equals("ended") ? Verdict.Ended.class : Verdict.Waiting.class);
    }

    @ParameterizedTest
    @CsvSource({"web1=switched:1, ended GONE: a left before it was quiet", "web1=quiet, quiet: web1 by connections"})
    void oneThatLeftAndIsGoneHasEnded(String acks, String expected) {
        Order order = order(Order.Action.DRAIN, "41", List.of(), "me");
        Reading seen = new Reading(
                Optional.of(new Standing(order, 100, 200, 0)), agents("web1"), acks(acks), Map.of(), Set.of());
        assertThat(text(Judge.judge(new Goal("shop", "a", order, 100, true), seen)))
                .isEqualTo(expected);
    }

    private static String judged(String state, String to, String agents, String acks, String members) {
        List<Order.Successor> successors = Stream.of(to.split(" "))
                .filter(each -> !each.isEmpty())
                .map(each -> new Order.Successor(each.split("/")[0], each.split("/")[1]))
                .toList();
        Goal goal = new Goal("shop", "a", order(Order.Action.DRAIN, "41", successors, "me"), 100, false);
        Optional<Standing> standing = switch (state) {
            case "gone" -> Optional.empty();
            case "other" ->
                Optional.of(new Standing(order(Order.Action.DRAIN, "41", successors, "somebody else"), 150, 150, 0));
            case "edited" ->
                Optional.of(new Standing(order(Order.Action.DRAIN, "42", successors, "somebody else"), 100, 200, 1));
            default ->
                Optional.of(
                        new Standing(order(Order.Action.of(state).orElseThrow(), "41", successors, "me"), 100, 200, 1));
        };
        Map<String, Member> there = new HashMap<>();
        Set<String> drained = new HashSet<>();
        for (String each : words(members)) {
            String[] parts = each.replace("!", "").split("[/:]");
            State is = parts.length > 2 ? State.of(parts[2]).orElseThrow() : State.UP;
            there.put(parts[0], new Member(instance(parts[0], parts[1], is), 50));
            if (each.endsWith("!")) {
                drained.add(parts[0]);
            }
        }
        return text(Judge.judge(goal, new Reading(standing, agents(agents), acks(acks), there, drained)));
    }

    private static String text(Progress progress) {
        if (Judge.mayDrain(progress)) {
            return "may drain";
        }
        if (progress.verdict() instanceof Verdict.Quiet quiet) {
            return "quiet: "
                    + quiet.proofs().stream()
                            .map(proof ->
                                    proof.agent() + " by " + proof.evidence().word())
                            .collect(Collectors.joining(", "));
        }
        return progress.verdict() instanceof Verdict.Ended ended
                ? "ended " + ended.why() + ": " + ended.detail()
                : ((Verdict.Waiting) progress.verdict()).text();
    }

    private static Map<String, KnownAgent> agents(String text) {
        Map<String, KnownAgent> agents = new TreeMap<>();
        for (String each : words(text)) {
            String id = each.replace("-", "");
            agents.put(id, new KnownAgent(id, "", id.equals(each), Instant.EPOCH));
        }
        return agents;
    }

    private static Map<String, Ack> acks(String text) {
        Map<String, Ack> acks = new HashMap<>();
        for (String each : words(text)) {
            String[] parts = each.replace("*", "").split("[=:]");
            long mzxid = each.endsWith("*") ? 199 : 200;
            Ack.Stage stage = Ack.Stage.of(parts[1]).orElseThrow();
            long open = parts.length > 2 ? Long.parseLong(parts[2]) : 0;
            acks.put(parts[0], new Ack(100, mzxid, stage, Ack.Evidence.CONNECTIONS, open, "", ""));
        }
        return acks;
    }

    private static List<String> words(String text) {
        return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    private static Order order(Order.Action action, String incarnation, List<Order.Successor> to, String by) {
        return new Order(action, incarnation, "10.0.0.5:8001", to, by, "", Duration.ofHours(1));
    }

    static Instance instance(String id, String incarnation, State state) {
        return new Instance(
                "shop", id, "10.0.0.5", 8001, "http", "", state, 1, incarnation, incarnation, "", 0, Map.of());
    }
}
