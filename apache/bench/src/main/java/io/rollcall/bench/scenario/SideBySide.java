package io.rollcall.bench.scenario;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.load.Churn;
import io.rollcall.bench.load.Steady;
import io.rollcall.bench.load.Wrk;
import io.rollcall.bench.report.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Rollcall is to reach, beside what it is compared with and no others, in more rounds: figures of a round are taken within
 * seconds of each other, and their ratio is formed in each round, so that what the machine does meanwhile is not taken for a difference.
 *
 * <p>At one name: the contenders of the expectations. At most names: each of Rollcall's by itself, asked for one name while nothing
 * changes, and for all of them while 10 change a second.
 */
public final class SideBySide implements Scenario {
    public static final String NAME = "side-by-side";

    /** The metric of the reference at many names. */
    public static final String OF_ONE = "requests/s, 1 name";

    private static final int MANY = 100_000;
    private static final int CHANGES = 10;
    private static final List<String> AT_ONE = List.of(
            Contenders.REFERENCE,
            Contenders.RULE_ONLY,
            "rollcall-maps",
            "rollcall-hashed",
            "rollcall-resolver",
            "prg-constant",
            "prg-perl");
    private static final List<String> AT_MANY = List.of("rollcall-maps", "rollcall-resolver");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String about() {
        return "what Rollcall is to reach and what it is compared with, in more rounds, and ratios of each round";
    }

    @Override
    public double seconds(Plan plan, int size) {
        List<String> names = size <= Arena.FEW ? AT_ONE : size == MANY ? AT_MANY : List.of();
        long many = plan.contenders().stream()
                .filter(one -> names.contains(one.name()))
                .count();
        return plan.pairs() * many * cell(plan);
    }

    private static Duration load(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 1 : 2);
    }

    private static double cell(Plan plan) {
        return 2.0 * load(plan).toSeconds() + 0.7;
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        int size = arena.names().count();
        List<String> names = size <= Arena.FEW ? AT_ONE : size == MANY ? AT_MANY : List.of();
        List<Map.Entry<Contender, Server>> turns = new ArrayList<>(arena.servers().entrySet().stream()
                .filter(one -> names.contains(one.getKey().name()))
                .toList());
        for (int round = 1; round <= arena.plan().pairs(); round++) {
            for (Map.Entry<Contender, Server> turn : turns) {
                String what = "%,d names, side by side, round %d of %d: %s"
                        .formatted(
                                size, round, arena.plan().pairs(), turn.getKey().name());
                progress.step(what, cell(arena.plan()));
                int now = round;
                results.attempt(what, () -> {
                    arena.quiet().look(results);
                    if (size <= Arena.FEW) {
                        atOne(arena, turn.getValue(), now, results);
                    } else {
                        atMany(arena, turn.getValue(), now, results);
                    }
                });
            }
            Collections.rotate(turns, 1);
        }
    }

    private static void atOne(Arena arena, Server server, int round, Results results) throws Exception {
        Wrk.Result most = wrk(arena, server, 1);
        Steady.Result steady = Steady.load(
                server.port(), Plan.STEADY_RATE, arena.names(), 1, Arena.anywhere(server), load(arena.plan()), round);
        results.add(arena.key(NAME, server.name(), 0, "requests/s"), most.perSecond());
        results.add(arena.key(NAME, server.name(), 0, "p50 ms"), steady.p50Millis());
        results.add(arena.key(NAME, server.name(), 0, "p99 ms"), steady.p99Millis());
        failed(arena, server, 0, most.lost() + steady.lost(), results);
    }

    private static void atMany(Arena arena, Server server, int round, Results results) throws Exception {
        Wrk.Result one = wrk(arena, server, 1);
        Churn churn = Churn.start(server.routes().orElseThrow(), arena.names(), MANY, CHANGES, round);
        Optional<Wrk.Result> all = Optional.empty();
        try {
            all = Optional.of(wrk(arena, server, MANY));
        } finally {
            churn.stop();
        }
        results.add(arena.key(NAME, server.name(), 0, OF_ONE), one.perSecond());
        results.add(
                arena.key(NAME, server.name(), CHANGES, "requests/s"), all.get().perSecond());
        failed(arena, server, CHANGES, one.lost() + all.get().lost(), results);
    }

    private static Wrk.Result wrk(Arena arena, Server server, int asked) throws Exception {
        return arena.wrk()
                .load(server.port(), asked, arena.names().addresses(), Arena.anywhere(server), load(arena.plan()));
    }

    private static void failed(Arena arena, Server server, int changes, long failed, Results results) {
        results.add(arena.key(NAME, server.name(), changes, "failed"), (double) failed);
    }
}
