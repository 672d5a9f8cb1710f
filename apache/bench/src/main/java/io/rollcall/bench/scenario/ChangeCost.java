package io.rollcall.bench.scenario;

import io.rollcall.bench.Processes;
import io.rollcall.bench.Threads;
import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.contender.Routes;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.load.Churn;
import io.rollcall.bench.load.Steady;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * CPU time of one change: of the server with its children, and of what tells it (the agent; or what writes its files and the programs
 * that run for it). Under a light load, because httpd's children read a map only when they are asked; what the load itself costs is
 * measured before and taken off, and with it what the agent does at rest: its probes. What follows from the last changes counts.
 */
public final class ChangeCost implements Scenario {
    public static final String NAME = "change-cost";

    private static final String OF = "rollcall-maps"; // whose agent is told by its threads
    private static final double CHANGES_PER_SECOND = 10;
    private static final double REQUESTS_PER_SECOND = 200;

    /** CPU seconds in a second: below that an agent has read and kept what there was. */
    private static final double AT_REST = 0.2;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The hashed map and the snapshot follow within a second. */
    private static final Duration AFTER = Duration.ofSeconds(1);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String about() {
        return "CPU time of one change, of the server and of what tells it, at 10 changes/s and 200 requests/s";
    }

    @Override
    public double seconds(Plan plan, int size) {
        if (!takesPart(plan, size)) {
            return 0;
        }
        long following = plan.contenders().stream()
                .filter(one -> size <= one.mostNames() && !one.name().endsWith("-generic"))
                .count();
        return Math.max(0, following - 3) * rounds(plan) * round(plan);
    }

    private static boolean takesPart(Plan plan, int size) {
        return plan.quick() ? size == 1_000 : size != 10_000;
    }

    private static int rounds(Plan plan) {
        return plan.quick() ? 1 : 3;
    }

    private static double round(Plan plan) {
        return 2.0 * (window(plan).toSeconds() + AFTER.toSeconds());
    }

    private static Duration window(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 1 : 2);
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        if (!takesPart(arena.plan(), arena.names().count())) {
            return;
        }
        Optional<Registry> registry = arena.registry();
        if (registry.isPresent()) {
            awaitRest(registry.get());
        }
        for (Map.Entry<Contender, Server> entry : arena.servers().entrySet()) {
            Contender contender = entry.getKey();
            if (entry.getValue().routes().isEmpty() || contender.name().endsWith("-generic")) {
                continue;
            }
            progress.step(
                    "%,d names, cost of a change: %s".formatted(arena.names().count(), contender.name()),
                    rounds(arena.plan()) * round(arena.plan()));
            results.attempt(
                    "%s, cost of a change at %,d names"
                            .formatted(contender.name(), arena.names().count()),
                    () -> {
                        for (int round = 1; round <= rounds(arena.plan()); round++) {
                            measure(arena, contender, entry.getValue(), round, results);
                        }
                    });
        }
    }

    private static void awaitRest(Registry registry) {
        double[] before = {registry.agent().cpuSeconds()};
        Waiting.until(PATIENCE, () -> {
            Waiting.pause(Duration.ofSeconds(1));
            double now = registry.agent().cpuSeconds();
            boolean rests = now - before[0] < AT_REST;
            before[0] = now;
            return rests;
        });
    }

    private void measure(Arena arena, Contender contender, Server server, int round, Results results) throws Exception {
        Cost without = cost(arena, contender, server, 0, round);
        Cost with = cost(arena, contender, server, CHANGES_PER_SECOND, round);
        double changes = Math.max(1, with.changes);
        double longer = with.seconds / without.seconds; // it may take its time to tell of the last
        results.add(
                arena.key(name(), contender.name(), 0, "server ms"),
                1000 * (with.serverSeconds - longer * without.serverSeconds) / changes);
        results.add(
                arena.key(name(), contender.name(), 0, "updater ms"),
                1000 * (with.updaterSeconds - longer * without.updaterSeconds) / changes);
        results.add(arena.key(name(), contender.name(), 0, "told/s"), with.told);
        if (contender.name().equals(OF)) {
            Threads more = with.agent.without(without.agent, longer);
            Profile.add(more, 1000 / changes, NAME, arena.names().count(), "change", results);
        }
        if (without.lost + with.lost > 0) {
            results.note(
                    "%s, cost of a change at %,d names, round %d: %d requests were lost, %d of them while names moved"
                            .formatted(
                                    contender.name(),
                                    arena.names().count(),
                                    round,
                                    without.lost + with.lost,
                                    with.lost));
        }
    }

    /** @param told times a second that it was told, of one change or of several */
    private record Cost(
            double seconds,
            double serverSeconds,
            double updaterSeconds,
            Threads agent,
            int changes,
            double told,
            long lost) {}

    private static Cost cost(Arena arena, Contender contender, Server server, double perSecond, int round)
            throws Exception {
        Routes routes = server.routes().orElseThrow();
        double serverBefore = server.processes().cpuSeconds();
        double updaterBefore = updater(arena, contender, routes);
        Threads agentBefore = agent(arena, contender);
        long begin = System.nanoTime();
        int changes = 0;
        double told = 0;
        double own = 0;
        long lost;
        Steady steady = Steady.start(
                server.port(),
                REQUESTS_PER_SECOND,
                arena.names(),
                arena.names().sample(1000, arena.asked(), round),
                false);
        try (steady) {
            if (perSecond > 0) {
                Churn churn = Churn.start(routes, arena.names(), arena.asked(), perSecond, round);
                Thread.sleep(window(arena.plan()).toMillis());
                Churn.Result result = churn.stop();
                changes = result.changes();
                told = result.perSecond();
                own = contender.isRollcall() ? 0 : result.cpuSeconds();
            } else {
                Thread.sleep(window(arena.plan()).toMillis());
            }
            routes.awaitTold();
            Thread.sleep(AFTER.toMillis());
            lost = steady.stop().lost();
        }
        return new Cost(
                (System.nanoTime() - begin) / 1e9,
                server.processes().cpuSeconds() - serverBefore,
                updater(arena, contender, routes) - updaterBefore + own,
                agent(arena, contender).since(agentBefore),
                changes,
                told,
                lost);
    }

    /** None of another contender. */
    private static Threads agent(Arena arena, Contender contender) throws IOException {
        return contender.isRollcall()
                ? Threads.of(arena.registry(contender).orElseThrow().agent())
                : new Threads(Map.of());
    }

    private static double updater(Arena arena, Contender contender, Routes routes) {
        return contender.isRollcall()
                ? arena.registry(contender).orElseThrow().agent().cpuSeconds()
                : routes.updaterSeconds() + Processes.endedToolsSeconds();
    }
}
