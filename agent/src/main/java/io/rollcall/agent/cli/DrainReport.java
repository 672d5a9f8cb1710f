package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.drain.Drain;
import io.rollcall.drain.Hold;
import io.rollcall.drain.Progress;
import io.rollcall.drain.Verdict;
import io.rollcall.registry.Ack;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How some orders went: for people, for scripts, and as an exit status. */
final class DrainReport {
    private final String action;
    private final List<Drain> drains;
    private final List<Progress> ends;
    private final double seconds;
    private final boolean ordersOnly;

    DrainReport(String action, List<Drain> drains, double seconds, boolean ordersOnly) {
        this.action = action;
        this.drains = drains;
        this.ends = drains.stream().map(Drain::progress).toList();
        this.seconds = seconds;
        this.ordersOnly = ordersOnly;
    }

    /** The worst of all: what ended otherwise, then what nobody can know, then what is open. */
    int exit() {
        List<Integer> exits = ends.stream().map(this::exit).toList();
        return List.of(Exit.NO, Exit.UNREACHABLE, Exit.TIMED_OUT, Exit.UNCONFIRMED).stream()
                .filter(exits::contains)
                .findFirst()
                .orElse(Exit.DONE);
    }

    private int exit(Progress end) {
        if (end.verdict() instanceof Verdict.Ended) {
            return Exit.NO;
        }
        if (end.verdict() instanceof Verdict.Waiting waiting && !(ordersOnly && isDraining(end))) {
            boolean blind = waiting.holds().stream().anyMatch(hold -> hold.kind() == Hold.Kind.NO_ZOOKEEPER);
            return blind ? Exit.UNREACHABLE : waiting.unreachableOnly() ? Exit.UNCONFIRMED : Exit.TIMED_OUT;
        }
        return Exit.DONE;
    }

    private static boolean isDraining(Progress end) {
        return end.order().filter(order -> order.action() == Order.Action.DRAIN).isPresent();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ends.size(); i++) {
            Progress end = ends.get(i);
            String name = end.backend() + " (" + drains.get(i).target() + ") of " + end.service();
            text.append(Excerpt.line(name + " " + sentence(end))).append('\n');
            if (end.verdict() instanceof Verdict.Quiet) {
                text.append(Table.of(new String[] {"  AGENT", "EVIDENCE", "DETAIL"}, proofs(end)));
            }
        }
        return text.toString();
    }

    private String sentence(Progress end) {
        if (end.verdict() instanceof Verdict.Quiet) {
            return "is quiet after " + seconds + " s: it may be stopped";
        }
        if (end.verdict() instanceof Verdict.Ended ended) {
            return "was not seen quiet: " + ended.detail();
        }
        if (ordersOnly && isDraining(end)) {
            return "gets no new requests any more, as soon as every agent has read it";
        }
        return "is not quiet after " + seconds + " s: " + ((Verdict.Waiting) end.verdict()).text();
    }

    private static List<String[]> proofs(Progress end) {
        List<String[]> rows = new ArrayList<>();
        ((Verdict.Quiet) end.verdict())
                .proofs()
                .forEach(proof -> rows.add(
                        new String[] {"  " + proof.agent(), proof.evidence().word(), proof.detail()}));
        end.backendAck()
                .ifPresent(ack -> rows.add(new String[] {"  " + end.backend(), "its own count", "" + ack.open()}));
        return rows;
    }

    /** What to do about it. */
    List<String> advice() {
        List<String> lines = new ArrayList<>();
        for (Progress end : ends) {
            if (!(end.verdict() instanceof Verdict.Waiting) || end.order().isEmpty()) {
                continue;
            }
            String order = end.service() + " " + end.backend();
            lines.add(Excerpt.line((isDraining(end)
                            ? end.backend() + ": the order to drain it stands: "
                            : end.backend()
                                    + " gets requests as before, as not everybody is ready; nothing was switched: ")
                    + "the same command again goes on waiting, `rollcall undrain " + order + "` takes it back"));
        }
        return lines;
    }

    ObjectNode json() {
        ObjectNode json = Say.object();
        json.put("action", action);
        json.put("result", word(exit()));
        json.put("exit", exit());
        json.put("seconds", seconds);
        ArrayNode backends = json.putArray("backends");
        for (int i = 0; i < ends.size(); i++) {
            backends.add(json(ends.get(i))
                    .put("target", drains.get(i).target())
                    .put("adopted", drains.get(i).adopted()));
        }
        return json;
    }

    private String word(int exit) {
        return switch (exit) {
            case Exit.DONE -> ordersOnly ? "ordered" : "quiet";
            case Exit.NO -> "ended";
            case Exit.UNREACHABLE -> "no-zookeeper";
            case Exit.UNCONFIRMED -> "unconfirmed";
            default -> "timed-out";
        };
    }

    /** One order in JSON. */
    static ObjectNode json(Progress progress) {
        ObjectNode json = Say.object();
        json.put("service", progress.service());
        json.put("backend", progress.backend());
        progress.order().ifPresent(order -> {
            json.put("order", order.action().word());
            json.put("by", order.by());
            json.put("at", order.at());
            ArrayNode to = json.putArray("to");
            order.to().forEach(successor -> to.add(successor.id()));
        });
        verdict(json, progress.verdict());
        ArrayNode agents = json.putArray("agents");
        progress.agents().forEach(answer -> {
            ObjectNode agent = agents.addObject();
            agent.put("id", answer.agent().id());
            agent.put("host", answer.agent().host());
            agent.put("connected", answer.agent().connected());
            agent.put("lastSeen", answer.agent().lastSeen().toString());
            ack(agent, answer.ack());
        });
        progress.backendAck().ifPresent(ack -> ack(json.putObject("own"), Optional.of(ack)));
        return json;
    }

    private static void verdict(ObjectNode json, Verdict verdict) {
        if (verdict instanceof Verdict.Ended ended) {
            json.put("verdict", "ended");
            json.put("why", word(ended.why()));
            json.put("detail", ended.detail());
        } else if (verdict instanceof Verdict.Waiting waiting) {
            json.put("verdict", "waiting");
            ArrayNode holds = json.putArray("holds");
            waiting.holds()
                    .forEach(hold -> holds.addObject()
                            .put("kind", word(hold.kind()))
                            .put("who", hold.who())
                            .put("open", hold.open())
                            .put("text", hold.text()));
        } else {
            json.put("verdict", "quiet");
        }
    }

    private static void ack(ObjectNode json, Optional<Ack> said) {
        said.ifPresent(ack -> json.put("stage", ack.stage().word())
                .put("evidence", ack.evidence().word())
                .put("open", ack.open())
                .put("detail", ack.detail())
                .put("at", ack.at()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
