package io.rollcall.drain;

import io.rollcall.drain.Reading.Standing;
import io.rollcall.drain.Verdict.Ended;
import io.rollcall.drain.Verdict.Why;
import io.rollcall.registry.Ack;
import io.rollcall.registry.Ack.Stage;
import io.rollcall.registry.Order;
import io.rollcall.registry.Order.Action;
import io.rollcall.registry.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Decides what follows from a reading. Pure. */
final class Judge {
    private static final String SILENT = "it has not answered yet";

    private final Goal goal;
    private final Reading seen;

    private Judge(Goal goal, Reading seen) {
        this.goal = goal;
        this.seen = seen;
    }

    static Progress judge(Goal goal, Reading seen) {
        return new Judge(goal, seen).progress();
    }

    /** Whether the order says only to prepare, and everybody is prepared: then it may become one to drain. */
    static boolean mayDrain(Progress progress) {
        return progress.order()
                        .filter(order -> order.action() == Action.PREPARE)
                        .isPresent()
                && progress.verdict() instanceof Verdict.Waiting waiting
                && waiting.holds().isEmpty();
    }

    private Progress progress() {
        Optional<Standing> order = seen.order().filter(standing -> standing.czxid() == goal.czxid());
        List<Progress.Answer> answers = order.map(this::answers).orElse(List.of());
        Optional<Ack> own = order.flatMap(standing -> quoted(Ack.REGISTRAR, standing));
        Verdict verdict = order.map(standing -> verdict(standing, answers, own)).orElseGet(this::withoutOrder);
        return new Progress(goal.service(), goal.backend(), order.map(Standing::order), verdict, answers, own);
    }

    private Verdict withoutOrder() {
        Member now = seen.members().get(goal.backend());
        if (now == null) {
            return new Ended(Why.GONE, goal.backend() + " is gone, and the order with it");
        }
        if (!Goal.isAbout(goal.order(), goal.czxid(), now)) {
            return restarted();
        }
        return new Ended(
                Why.CANCELLED,
                seen.order()
                        .map(other -> "the order was replaced by one of " + by(other.order()))
                        .orElse("the order was taken back"));
    }

    private Verdict verdict(Standing order, List<Progress.Answer> answers, Optional<Ack> own) {
        if (!goal.sameWish(order.order())) {
            return new Ended(Why.CANCELLED, "the order was changed by " + by(order.order()));
        }
        List<Hold> holds = order.order().action() == Action.PREPARE ? unready(answers) : open(answers, own);
        if (order.order().action() == Action.DRAIN && holds.isEmpty()) {
            return new Verdict.Quiet(answers.stream().map(Judge::proof).toList());
        }
        return ended().<Verdict>map(end -> end).orElseGet(() -> new Verdict.Waiting(holds));
    }

    private Optional<Ended> ended() {
        Member now = seen.members().get(goal.backend());
        if (now == null && goal.left()) {
            return Optional.of(new Ended(Why.GONE, goal.backend() + " left before it was quiet"));
        }
        // One that vanished without a word may be working on: its agents know its address, and are waited for.
        if (now != null && !Goal.isAbout(goal.order(), goal.czxid(), now)) {
            return Optional.of(restarted());
        }
        return goal.to().stream().flatMap(to -> lost(to).stream()).findFirst();
    }

    private Ended restarted() {
        return new Ended(Why.RESTARTED, "another process has registered as " + goal.backend());
    }

    private Optional<Ended> lost(Order.Successor to) {
        Member member = seen.members().get(to.id());
        String why;
        if (member == null) {
            why = " is gone";
        } else if (member.instance().state() != State.UP) {
            why = " is " + member.instance().state().word();
        } else if (!member.routable()) {
            why = " has weight 0";
        } else if (!to.incarnation().isEmpty()
                && !to.incarnation().equals(member.instance().incarnation())) {
            why = " was restarted";
        } else if (seen.drained().contains(to.id())) {
            why = " is drained itself";
        } else {
            return Optional.empty();
        }
        return Optional.of(new Ended(Why.SUCCESSOR_LOST, to.id() + why));
    }

    private List<Hold> unready(List<Progress.Answer> answers) {
        List<Hold> holds = new ArrayList<>(nobody(answers));
        for (Progress.Answer answer : answers) {
            KnownAgent agent = answer.agent();
            if (!agent.connected()) {
                holds.add(notConnected(agent));
            } else if (stage(answer).filter(stage -> stage.atLeast(Stage.READY)).isEmpty()) {
                holds.add(Hold.of(Hold.Kind.NOT_READY, agent.id(), detail(answer)));
            }
        }
        return holds;
    }

    private List<Hold> open(List<Progress.Answer> answers, Optional<Ack> own) {
        List<Hold> holds = new ArrayList<>(nobody(answers));
        for (Progress.Answer answer : answers) {
            KnownAgent agent = answer.agent();
            Optional<Stage> stage = stage(answer);
            if (stage.filter(reached -> reached == Stage.QUIET).isPresent()) {
                continue; // final, also if the agent is not connected any more
            }
            if (!agent.connected()) {
                holds.add(notConnected(agent));
            } else if (stage.filter(reached -> reached == Stage.SWITCHED).isPresent()) {
                Ack ack = answer.ack().orElseThrow();
                holds.add(new Hold(Hold.Kind.OPEN, agent.id(), ack.open(), ack.evidence(), ack.detail()));
            } else {
                holds.add(Hold.of(Hold.Kind.NOT_SWITCHED, agent.id(), detail(answer)));
            }
        }
        own.filter(ack -> ack.open() > 0)
                .ifPresent(ack -> holds.add(new Hold(
                        Hold.Kind.BACKEND_OPEN, goal.backend(), ack.open(), Ack.Evidence.REGISTRAR, ack.detail())));
        return holds;
    }

    private static List<Hold> nobody(List<Progress.Answer> answers) {
        return answers.isEmpty()
                ? List.of(Hold.of(Hold.Kind.NO_AGENTS, "", "no agent is known, so nobody can tell who is routing"))
                : List.of();
    }

    private static Hold notConnected(KnownAgent agent) {
        return Hold.of(Hold.Kind.NOT_CONNECTED, agent.id(), "(last seen " + agent.lastSeen() + ")");
    }

    private static Optional<Stage> stage(Progress.Answer answer) {
        return answer.ack().map(Ack::stage);
    }

    private static String detail(Progress.Answer answer) {
        return answer.ack()
                .map(ack -> ack.detail().isEmpty() ? ack.stage().word() : ack.detail())
                .orElse(SILENT);
    }

    private static Verdict.Proof proof(Progress.Answer answer) {
        Ack ack = answer.ack().orElseThrow();
        return new Verdict.Proof(answer.agent().id(), ack.evidence(), ack.detail());
    }

    /** Whoever acks is an agent, also if its znode below the agents was deleted under it. */
    private List<Progress.Answer> answers(Standing order) {
        Map<String, KnownAgent> agents = new TreeMap<>(seen.agents());
        seen.acks().keySet().stream()
                .filter(name -> !name.equals(Ack.REGISTRAR))
                .forEach(name ->
                        agents.computeIfAbsent(name, id -> new KnownAgent(id, "", true, java.time.Instant.EPOCH)));
        return agents.values().stream()
                .map(agent -> new Progress.Answer(agent, quoted(agent.id(), order)))
                .toList();
    }

    private Optional<Ack> quoted(String name, Standing order) {
        return Optional.ofNullable(seen.acks().get(name)).filter(ack -> ack.quotes(order.czxid(), order.mzxid()));
    }

    private static String by(Order order) {
        return order.by().isEmpty() ? "somebody" : order.by();
    }
}
