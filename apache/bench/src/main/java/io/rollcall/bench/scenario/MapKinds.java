package io.rollcall.bench.scenario;

import io.rollcall.bench.Names;
import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.contender.MapKind;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.contender.Setting;
import io.rollcall.bench.load.Churn;
import io.rollcall.bench.load.Wrk;
import io.rollcall.bench.report.Results;
import io.rollcall.bench.report.Results.Subject;
import io.rollcall.deploy.stage.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text alone and the hashed map, at numbers of names at which the agent has the one or the other: from how many names on it is to have
 * the hashed map.
 */
public final class MapKinds implements Scenario {
    public static final String NAME = "map-kinds";
    public static final List<Integer> CHANGES = List.of(0, 1, 10);

    private static final List<Integer> SIZES = List.of(200, 400, 1_600, 6_400);
    private static final Duration LOAD = Duration.ofSeconds(1); // a change comes in it at least
    private static final double OPENING_SECONDS = 5;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String about() {
        return "the text map and the hashed map at 200 to 6,400 names; without changes and with 1 and 10 a second";
    }

    @Override
    public double seconds(Plan plan, int size) {
        int all = SIZES.size() * MapKind.values().length;
        return takesPart(plan, size) ? all * (OPENING_SECONDS + rounds(plan) * CHANGES.size() * cell()) : 0;
    }

    private static boolean takesPart(Plan plan, int size) {
        return size <= Arena.FEW && plan.contenders().contains(contender());
    }

    private static Contender contender() {
        return Contenders.named(MapKind.CONTENDER).orElseThrow();
    }

    private static int rounds(Plan plan) {
        return plan.quick() ? 1 : 4;
    }

    private static double cell() {
        return LOAD.toSeconds() + 0.2;
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        if (!takesPart(arena.plan(), arena.names().count())) {
            return;
        }
        for (int size : SIZES) {
            Place place = arena.place().inside(NAME + "-" + size);
            Names names = new Names(size, arena.backends().others(Names.MOST_BACKENDS));
            results.attempt(
                    "%,d names, kinds of map".formatted(size), () -> measure(arena, place, names, results, progress));
        }
    }

    /** One of the two, which is asked as long as the other is not. */
    private record Side(MapKind kind, Registry registry, Server server) implements AutoCloseable {
        static Side start(MapKind kind, Place place, Names names) throws Exception {
            Registry registry = kind.start(place, Arena.homes(names));
            try {
                Server server = contender().start(new Setting(place, names, Optional.of(registry)));
                return new Side(kind, registry, server);
            } catch (Exception e) {
                registry.close();
                throw e;
            }
        }

        @Override
        public void close() {
            server.close();
            registry.close();
        }
    }

    private static void measure(Arena arena, Place place, Names names, Results results, Progress progress)
            throws Exception {
        Plan plan = arena.plan();
        List<Side> sides = new ArrayList<>();
        try {
            for (MapKind kind : MapKind.values()) {
                progress.step("%,d names: %s map".formatted(names.count(), kind.word()), OPENING_SECONDS);
                Side side = Side.start(kind, place.inside(kind.word()), names);
                sides.add(side);
                arena.wrk().load(side.server.port(), names.count(), names.addresses(), false, Duration.ofSeconds(1));
            }
            for (int round = 1; round <= rounds(plan); round++) {
                for (int changes : CHANGES) {
                    for (Side side : sides) {
                        progress.step(
                                "%,d names, %d changes/s, round %d: %s map"
                                        .formatted(names.count(), changes, round, side.kind.word()),
                                cell());
                        results.add(
                                new Subject(NAME, side.kind.word(), names.count(), changes, "requests/s"),
                                rate(arena, side, names, changes, round, results));
                    }
                }
            }
        } finally {
            sides.forEach(Side::close);
        }
    }

    private static double rate(Arena arena, Side side, Names names, int changes, int round, Results results)
            throws Exception {
        Optional<Churn> churn = Optional.of(changes)
                .filter(some -> some > 0)
                .map(some -> Churn.start(side.registry.tree(), names, names.count(), some, round));
        try {
            Wrk.Result result = arena.wrk().load(side.server.port(), names.count(), names.addresses(), false, LOAD);
            if (result.lost() > 0) {
                results.note("%s map, %,d names, %d changes/s: %,d of %,d requests were lost (%s)"
                        .formatted(
                                side.kind.word(),
                                names.count(),
                                changes,
                                result.lost(),
                                result.answered(),
                                result.reasons()));
            }
            return result.perSecond();
        } finally {
            if (churn.isPresent()) {
                churn.get().stop();
            }
        }
    }
}
