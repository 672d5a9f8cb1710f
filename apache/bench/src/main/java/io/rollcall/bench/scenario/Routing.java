package io.rollcall.bench.scenario;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Routes;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.load.Asker;
import io.rollcall.bench.load.Churn;
import io.rollcall.bench.load.Steady;
import io.rollcall.bench.load.Wrk;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Throughput and latency, while nothing changes and while names move. The contenders take turns in each round, and each round begins
 * with another one, so that what else the machine does falls on all alike.
 */
public final class Routing implements Scenario {
    private static final Duration FOLLOWED_WITHIN = Duration.ofSeconds(5);
    private static final int LOOKED_AT = 20;

    @Override
    public String name() {
        return "routing";
    }

    @Override
    public String about() {
        return "requests/s as fast as it goes, latency at a fixed rate; without changes and with 1, 10, 100 a second";
    }

    @Override
    public double seconds(Plan plan, int size) {
        long all = plan.contenders().stream()
                .filter(one -> size <= one.mostNames())
                .count();
        double cells = all + (all - 3.0) * plan.changes().size();
        return plan.rounds() * (Math.max(1, cells) * cell(plan) + plan.changes().size() * slow(size)) + 1;
    }

    private static double cell(Plan plan) {
        return 2.0 * plan.load().toSeconds() + 0.7;
    }

    /** What those take longer that cannot follow: requests that wait, and names that are not at their places soon. */
    private static double slow(int size) {
        return size <= Arena.FEW ? 1 : 15;
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        Plan plan = arena.plan();
        alone(arena, results);
        List<Integer> changes = new ArrayList<>(List.of(0));
        changes.addAll(plan.changes());
        List<Map.Entry<Contender, Server>> turns =
                new ArrayList<>(arena.servers().entrySet());
        for (int round = 1; round <= plan.rounds(); round++) {
            for (int perSecond : changes) {
                for (Map.Entry<Contender, Server> turn : turns) {
                    if (perSecond > 0 && turn.getValue().routes().isEmpty()) {
                        continue;
                    }
                    String what = "%,d names, %d changes/s, round %d of %d: %s"
                            .formatted(
                                    arena.names().count(),
                                    perSecond,
                                    round,
                                    plan.rounds(),
                                    turn.getKey().name());
                    progress.step(what, cell(plan));
                    int now = round;
                    results.attempt(what, () -> measure(arena, turn.getValue(), perSecond, now, results));
                }
            }
            Collections.rotate(turns, 1);
        }
    }

    /** What is behind the contenders must not be what limits them. */
    private static void alone(Arena arena, Results results) throws Exception {
        Wrk.Result result = arena.wrk()
                .load(
                        arena.backends().port(),
                        arena.asked(),
                        List.of(arena.backends().own()),
                        true,
                        arena.plan().load());
        results.add(arena.key("routing", "backends", 0, "requests/s"), result.perSecond());
    }

    private static void measure(Arena arena, Server server, int perSecond, int round, Results results)
            throws Exception {
        arena.quiet().look(results);
        Optional<Churn> churn = server.routes()
                .filter(routes -> perSecond > 0)
                .map(routes -> Churn.start(routes, arena.names(), arena.asked(), perSecond, round));
        try {
            load(arena, server, perSecond, round, results);
        } finally {
            churn.ifPresent(Churn::end);
        }
        if (churn.isPresent()) {
            Churn.Result moved = churn.get().stop();
            add(arena, server, perSecond, "changes/s made", moved.perSecond(), results);
            add(
                    arena,
                    server,
                    perSecond,
                    "behind",
                    behind(server, server.routes().orElseThrow(), moved.names()),
                    results);
        }
    }

    private static void load(Arena arena, Server server, int perSecond, int round, Results results) throws Exception {
        Plan plan = arena.plan();
        long said = server.said();
        Wrk.Result most = arena.wrk()
                .load(server.port(), arena.asked(), arena.names().addresses(), Arena.anywhere(server), plan.load());
        Steady.Result steady = Steady.load(
                server.port(),
                Plan.STEADY_RATE,
                arena.names(),
                arena.asked(),
                Arena.anywhere(server),
                plan.load(),
                round);
        add(arena, server, perSecond, "requests/s", most.perSecond(), results);
        add(arena, server, perSecond, "p50 ms", steady.p50Millis(), results);
        add(arena, server, perSecond, "p99 ms", steady.p99Millis(), results);
        add(arena, server, perSecond, "failed", most.failed() + steady.failed(), results);
        add(arena, server, perSecond, "cut", most.cut() + steady.cut(), results);
        add(arena, server, perSecond, "wrong", most.wrong() + steady.wrong(), results);
        if (server.name().startsWith("rollcall-") && most.lost() + steady.lost() > 0) {
            results.note(
                    "%s, %,d names, %d changes/s, round %d: as fast as it goes %d failed (%s), %d wrong, %d cut; at %.0f/s %d failed (%s), %d wrong, %d cut. Its error log: %s"
                            .formatted(
                                    server.name(),
                                    arena.names().count(),
                                    perSecond,
                                    round,
                                    most.failed(),
                                    most.reasons(),
                                    most.wrong(),
                                    most.cut(),
                                    Plan.STEADY_RATE,
                                    steady.failed(),
                                    steady.reasons(),
                                    steady.wrong(),
                                    steady.cut(),
                                    server.saidSince(said)));
        }
    }

    /** How many of the names that moved are not answered from where they are now, soon after the last change. */
    static double behind(Server server, Routes routes, Set<String> moved) {
        List<String> waiting = new ArrayList<>(moved.stream().limit(LOOKED_AT).toList());
        Waiting.until(FOLLOWED_WITHIN, () -> {
            waiting.removeIf(name -> Asker.once(server.port(), name).equals(routes.at(name)));
            return waiting.isEmpty();
        });
        return waiting.size();
    }

    private static void add(Arena arena, Server server, int perSecond, String metric, Number value, Results results) {
        results.add(arena.key("routing", server.name(), perSecond, metric), value.doubleValue());
    }
}
