package io.rollcall.agent.drain;

import io.rollcall.agent.drain.Connections.Count;
import io.rollcall.agent.drain.RequestEvidence.Reading;
import io.rollcall.agent.view.Instruction;
import io.rollcall.agent.view.Instruction.Whereabouts;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.registry.Ack;
import io.rollcall.registry.Ack.Evidence;
import io.rollcall.registry.Ack.Stage;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Order;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of one order, and how far this agent is with it. What httpd has comes from the publications, so nothing is said that is
 * not on the disk. Confined to a loop.
 */
final class Duty implements AutoCloseable {
    /** Where it learns from whether requests are open. */
    record Sources(RequestEvidence requests, String httpdUser, Duration grace) {}

    /**
     * What was seen at one look.
     *
     * @param counts empty if they could not be counted, for that reason
     */
    record Sight(long nanos, Optional<Count> counts, String uncounted, Optional<RegistrarAcks.Said> registrar) {}

    /** How often a connection must not have been seen during the grace. */
    static final int LEAST_SIGHTS = 4;

    private final Sources sources;
    private final long firstSeen;
    private Instruction instruction;
    private Optional<Target> target = Optional.empty();
    private Ack ack;
    private boolean out; // of the map that httpd has
    private boolean settling;
    private String settledDetail = "";
    private long outSince;
    private long clearSince;
    private int clearSights; // since then
    private RequestEvidence.@Nullable Watch watch;

    Duty(Sources sources, Instruction instruction, Optional<Target> remembered, long nanos) {
        this.sources = sources;
        this.instruction = instruction;
        this.firstSeen = nanos;
        this.target = remembered;
        this.ack = made(instruction.key(), Stage.WAITING, Evidence.NONE, 0, "seen");
    }

    Ack ack() {
        return ack;
    }

    Instruction instruction() {
        return instruction;
    }

    long firstSeen() {
        return firstSeen;
    }

    Optional<Target> target() {
        return target;
    }

    boolean quiet() {
        return ack.stage() == Stage.QUIET;
    }

    /** Whether it waits for requests to end, and so has to be looked at again. */
    boolean watching() {
        return out && !quiet();
    }

    /** Httpd has this view, since {@code nanos}. */
    void published(View view, Instruction now, long nanos) {
        instruction = now;
        target = now.target().or(() -> target).or(() -> Target.parse(now.order().target()));
        if (quiet()) {
            return;
        }
        Optional<Ack> obstacle = obstacle(view);
        if (obstacle.isPresent()) {
            in(obstacle.get());
        } else if (!out) {
            out = true;
            outSince = nanos;
            clearSince = nanos;
            clearSights = 0;
            watch = sources.requests.watch(
                    view.key(now.node().service()), target.orElseThrow().toString());
            ack = ack(Stage.SWITCHED, Evidence.NONE, 0, "httpd does not get " + target.orElseThrow() + " any more");
        }
    }

    /** It is not known which view httpd has. */
    void unpublished(Instruction now, String why) {
        instruction = now;
        if (!quiet()) {
            in(ack(Stage.WAITING, Evidence.NONE, 0, why));
        }
    }

    /** Looks at the evidence; tells whether it is quiet, which the caller has to make good before it is said. */
    boolean quietBy(Sight sight) {
        RequestEvidence.Watch requests = watch;
        if (!watching() || settling || requests == null) {
            return false;
        }
        Reading reading = requests.read();
        if (reading instanceof Reading.Open open) {
            clearSince = sight.nanos;
            clearSights = 0;
            ack = ack(
                    Stage.SWITCHED,
                    Evidence.REQUESTS,
                    open.requests(),
                    "waits for " + requests(open.requests()) + ": " + open.detail());
            return false;
        }
        if (reading instanceof Reading.None) {
            return settle(Evidence.REQUESTS, "no request is open, and none can still come");
        }
        return quietByOthers(sight, ((Reading.Incomplete) reading).why());
    }

    /** It will hold, whatever comes. */
    void settled() {
        if (settling) {
            in(ack(Stage.QUIET, ack.evidence(), 0, settledDetail));
        }
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    private boolean quietByOthers(Sight sight, String why) {
        boolean none = sight.counts.filter(count -> count.all() == 0).isPresent();
        clearSince = none ? clearSince : sight.nanos;
        clearSights = none ? clearSights + 1 : 0;
        if (clearSights >= LEAST_SIGHTS && sight.nanos - clearSince >= sources.grace.toNanos()) {
            return settle(
                    Evidence.CONNECTIONS,
                    "no connection of " + sources.httpdUser + " to " + target.orElseThrow() + " for "
                            + sources.grace.toMillis() + " ms");
        }
        if (registrarIsQuiet(sight)) {
            return settle(Evidence.REGISTRAR, "the backend's own count is 0");
        }
        ack = ack(
                Stage.SWITCHED,
                Evidence.CONNECTIONS,
                sight.counts.map(Count::all).orElse(0),
                waitsFor(sight, why));
        return false;
    }

    /** Its count is of later than the grace after the switch, and nothing is on its way there that it cannot count yet. */
    private boolean registrarIsQuiet(Sight sight) {
        return sight.registrar
                        .filter(said -> said.ack()
                                        .quotes(
                                                instruction.key().czxid(),
                                                instruction.key().mzxid())
                                && said.ack().stage() == Stage.QUIET
                                && said.askedAt() - outSince >= sources.grace.toNanos())
                        .isPresent()
                && sight.counts.filter(count -> count.opening() == 0).isPresent();
    }

    private String waitsFor(Sight sight, String why) {
        String where = " of " + sources.httpdUser + " to " + target.orElseThrow();
        int open = sight.counts.map(Count::all).orElse(0);
        String connections = sight.counts.isEmpty()
                ? "cannot count connections" + where + ": " + sight.uncounted
                : open == 0
                        ? "no connection" + where + " now; waits until there was none for " + sources.grace.toMillis()
                                + " ms"
                        : "waits for " + open + (open == 1 ? " connection" : " connections") + where
                                + " (idle pooled ones count here: " + why + ")";
        return connections
                + sight.registrar
                        .filter(said -> said.ack().open() > 0)
                        .map(said -> "; the backend itself counts "
                                + requests(said.ack().open()))
                        .orElse("");
    }

    private boolean settle(Evidence evidence, String detail) {
        settling = true;
        settledDetail = detail;
        ack = ack(Stage.SWITCHED, evidence, 0, detail + "; waits until the disk under state.dir has that");
        return true;
    }

    /** It is in the map, or may be; or it is done. */
    private void in(Ack next) {
        out = false;
        settling = false;
        ack = ack(next.stage(), next.evidence(), next.open(), next.detail());
        close();
    }

    /** What stands in the way of saying that httpd does not get it any more. */
    private Optional<Ack> obstacle(View view) {
        Order order = instruction.order();
        if (!instruction.obstacle().isEmpty() && !instruction.inForce()) {
            return Optional.of(ack(Stage.WAITING, Evidence.NONE, 0, instruction.obstacle()));
        }
        if (order.action() == Order.Action.PREPARE) {
            return Optional.of(ack(Stage.READY, Evidence.NONE, 0, "all that take over get requests here"));
        }
        if (target.isEmpty()) {
            return Optional.of(
                    ack(
                            Stage.READY,
                            Evidence.NONE,
                            0,
                            "the backend is not in the registry and the order does not tell its address (expected: \"target\": \"address:port\" in the order)"));
        }
        if (!view.routes(instruction.node().service(), target.get())) {
            return Optional.empty();
        }
        String id = Excerpt.of(instruction.node().id());
        return Optional.of(ack(
                Stage.READY,
                Evidence.NONE,
                0,
                instruction.whereabouts() == Whereabouts.RESTARTED
                        ? target.get() + " gets requests again: another process registered as " + id
                                + " after the one that the order means"
                        : target.get() + " is registered under another id too, and gets requests as that"));
    }

    private static String requests(long count) {
        return count + (count == 1 ? " request" : " requests");
    }

    /** The one that stands, if that says the same: its time is that of the change. */
    private Ack ack(Stage stage, Evidence evidence, long open, String detail) {
        Ack before = ack;
        boolean same = before.stage() == stage
                && before.evidence() == evidence
                && before.open() == open
                && before.detail().equals(detail);
        return same ? before : made(instruction.key(), stage, evidence, open, detail);
    }

    private static Ack made(OrderNode.Key key, Stage stage, Evidence evidence, long open, String detail) {
        String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        return new Ack(key.czxid(), key.mzxid(), stage, evidence, open, detail, now);
    }
}
