package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.drain.Progress;
import io.rollcall.drain.Verdict;
import io.rollcall.registry.Ack;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is ordered. */
@Command(
        name = "drains",
        description = "Shows the orders that stand, and how far each agent is with them.",
        footer = "Exit status: 0, also if there is none; 2 wrong usage; 3 no ZooKeeper.",
        mixinStandardHelpOptions = true)
final class DrainsCommand implements Callable<Integer> {
    private static final String[] HEAD = {"  AGENT", "CONNECTED", "STAGE", "OPEN", "EVIDENCE", "DETAIL"};

    @Mixin
    private RegistryOption registry = new RegistryOption();

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Parameters(index = "0", arity = "0..1", paramLabel = "SERVICE", description = "Only of this one.")
    private @Nullable String service;

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Say say = new Say(Objects.requireNonNull(command, "set by picocli"), json);
        return registry.run(json, drains -> {
            List<Progress> orders = service == null ? drains.list() : drains.list(service);
            ObjectNode object = Say.object();
            ArrayNode all = object.putArray("orders");
            orders.forEach(order -> all.add(DrainReport.json(order)));
            say.result(
                    object,
                    orders.isEmpty()
                            ? "No order stands.\n"
                            : orders.stream().map(DrainsCommand::text).collect(Collectors.joining("\n")));
            return Exit.DONE;
        });
    }

    private static String text(Progress progress) {
        String head = progress.backend() + " of " + progress.service() + ": "
                + progress.order().map(DrainsCommand::text).orElse("gone");
        List<String[]> rows = new ArrayList<>();
        progress.agents()
                .forEach(answer -> rows.add(row(
                        answer.agent().id(),
                        answer.agent().connected()
                                ? "yes"
                                : "no, last seen " + answer.agent().lastSeen(),
                        answer.ack().orElse(null))));
        progress.backendAck().ifPresent(ack -> rows.add(row(progress.backend() + " itself", "", ack)));
        return Excerpt.line(head) + "\n  " + Excerpt.line(verdict(progress.verdict())) + "\n"
                + (rows.isEmpty() ? "" : Table.of(HEAD, rows));
    }

    private static String text(Order order) {
        String to = order.to().isEmpty()
                ? ""
                : " in favour of "
                        + order.to().stream().map(Order.Successor::id).collect(Collectors.joining(", "));
        return order.action().word() + to + ", ordered by " + (order.by().isEmpty() ? "?" : order.by())
                + (order.at().isEmpty() ? "" : " at " + order.at());
    }

    private static String verdict(Verdict verdict) {
        if (verdict instanceof Verdict.Waiting waiting) {
            return waiting.holds().isEmpty() ? "everybody is ready" : "waiting: " + waiting.text();
        }
        return verdict instanceof Verdict.Ended ended ? "ended: " + ended.detail() : "quiet: it may be stopped";
    }

    private static String[] row(String who, String connected, @Nullable Ack ack) {
        return ack == null
                ? new String[] {"  " + who, connected, "-", "", "", ""}
                : new String[] {
                    "  " + who,
                    connected,
                    ack.stage().word(),
                    "" + ack.open(),
                    ack.evidence().word(),
                    ack.detail()
                };
    }
}
