package io.rollcall.bench.scenario;

import io.rollcall.bench.Names;
import io.rollcall.bench.Processes;
import io.rollcall.bench.contender.Pairs;
import io.rollcall.bench.contender.Tree;
import io.rollcall.bench.load.EachSecond;
import io.rollcall.bench.report.Results;
import java.time.Duration;

/** CPU of the agent while each of 1,000 backends changes once a second. */
final class Busy {
    static final int BACKENDS = 1000;

    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final double ENOUGH = 0.95;

    private final Results results;
    private final Duration window;

    Busy(Results results, Duration window) {
        this.results = results;
        this.window = window;
    }

    static double seconds(Duration window) {
        return WARM_UP.plus(window).toSeconds();
    }

    /** Two backends to a name, and each changes its weight: a node that is written, and a line of the maps. */
    double weights(Arena arena) throws Exception {
        try (Pairs pairs =
                Pairs.start(arena.place().inside("pairs"), arena.backends().others(BACKENDS))) {
            return during("weights", pairs.agent(), pairs::reweigh);
        }
    }

    /** One backend to a name, which leaves when one at another address has come: two nodes, and a probe at once. */
    double moves(OneToOne all) throws Exception {
        Names names = all.names();
        Tree tree = all.registry().tree();
        boolean[] away = new boolean[names.count()];
        double used = during("moves", all.registry().agent(), number -> {
            away[number] ^= true;
            tree.moveSoon(names.name(number), away[number] ? names.away(number) : names.home(number));
        });
        tree.endMoves();
        return used;
    }

    private double during(String what, Processes agent, EachSecond.Change change) throws Exception {
        try (EachSecond changes = EachSecond.start(BACKENDS, change)) {
            Thread.sleep(WARM_UP.toMillis()); // what is compiled for it, is
            long before = changes.made();
            long begin = System.nanoTime();
            double used = Rest.byThread(agent, window, what, BACKENDS, results);
            double perSecond = (changes.made() - before) / ((System.nanoTime() - begin) / 1e9);
            if (perSecond < ENOUGH * BACKENDS) {
                results.note("the agent was told of %.0f %s/s instead of %,d %s"
                        .formatted(perSecond, what, BACKENDS, changes.failure())
                        .strip());
            }
            return used;
        }
    }
}
