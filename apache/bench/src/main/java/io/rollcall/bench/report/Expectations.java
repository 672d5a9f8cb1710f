package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contenders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What Rollcall is to reach, and whether it did in this run. */
final class Expectations {
    /** One of them; the figure is empty if this run did not measure it. */
    record Expectation(String what, OptionalDouble figure, boolean atLeast, double limit, String unit) {
        boolean holds() {
            return figure.isPresent() && (atLeast ? figure.getAsDouble() >= limit : figure.getAsDouble() <= limit);
        }

        List<String> cells() {
            String bound = (atLeast ? "at least " : "at most ") + Figures.number(limit) + unit;
            String verdict = figure.isEmpty() ? "not measured" : holds() ? "yes" : "**no**";
            return List.of(what, bound, figure.isPresent() ? Figures.number(figure) + unit : "–", verdict);
        }
    }

    private static final String MAPS = "rollcall-maps";
    private static final String RESOLVER = "rollcall-resolver";

    private final Figures figures;
    private final List<Expectation> all = new ArrayList<>();

    Expectations(Figures figures) {
        this.figures = figures;
        load();
        joinAndLeave();
        startAndRest();
    }

    List<Expectation> all() {
        return all;
    }

    private void load() {
        OptionalDouble maps = rate(MAPS, 10, 0);
        atLeast(
                "declared workers, 1 name: requests/s, of static `ProxyPass`",
                Figures.ratio(maps, rate(Contenders.REFERENCE, 10, 0)),
                0.95);
        atMost("the same: p99, of static `ProxyPass`", Figures.ratio(p99(MAPS), p99(Contenders.REFERENCE)), 1.1, "");
        atLeast(
                "declared workers, 100,000 names, 10 changes/s: requests/s, of its own at 1 name",
                Figures.ratio(rate(MAPS, 100_000, 10), maps),
                0.8);
        atLeast(
                "resolver, 1 name: requests/s, of a C program that answers a constant",
                Figures.ratio(rate(RESOLVER, 10, 0), rate("prg-constant", 10, 0)),
                0.9);
        atLeast(
                "resolver, 1 name: requests/s, of the Perl script",
                Figures.ratio(rate(RESOLVER, 10, 0), rate("prg-perl", 10, 0)),
                1);
    }

    private void joinAndLeave() {
        for (String what : List.of("join", "leave")) {
            String name = what.equals("join") ? "join to first answer" : "leave to last request";
            atMost(name + ", 1,000 backends: p50", quantile(what + " ms", 1_000, 0.5), 5, " ms");
            atMost("the same: p99", quantile(what + " ms", 1_000, 0.99), 20, " ms");
            atMost(
                    "the same: p50, of the raw watch",
                    Figures.ratio(quantile(what + " ms", 1_000, 0.5), quantile(what + " told ms", 1_000, 0.5)),
                    3,
                    "");
            atMost(name + ", 100,000 backends: p99", quantile(what + " ms", 100_000, 0.99), 100, " ms");
        }
    }

    private void startAndRest() {
        atMost(
                "agent, 100,000 backends: from nothing to all published",
                start("agent", 100_000, "from registry ms"),
                30_000,
                " ms");
        atMost(
                "agent, 100,000 backends: from what is in its state.dir to the first answer",
                start("agent", 100_000, "from state.dir ms"),
                1_000,
                " ms");
        atMost(
                "agent, 100,000 backends: from snapshot.json alone to all published",
                start("agent", 100_000, "from snapshot ms"),
                1_000,
                " ms");
        atMost(
                "agent, 1,000 backends, nothing happens: of a core",
                start("agent", 1_000, "idle % of a core"),
                0.5,
                " %");
        atMost(
                "agent, 1,000 backends that change once a second: of a core",
                start("agent", 1_000, "busy % of a core"),
                50,
                " %");
        atMost(
                "agent, 1,000 backends: resident",
                figures.median("memory", "agent", 1_000, 0, "agent MiB"),
                128,
                " MiB");
        atMost("resolver, 1,000 backends: first answer", start("resolver", 1_000, "first answer ms"), 150, " ms");
        atMost("resolver, 1,000 backends: resident", start("resolver", 1_000, "resident MiB"), 64, " MiB");
    }

    private OptionalDouble rate(String contender, int names, int changes) {
        return figures.median("routing", contender, names, changes, "requests/s");
    }

    private OptionalDouble p99(String contender) {
        return figures.median("routing", contender, 10, 0, "p99 ms");
    }

    private OptionalDouble start(String part, int names, String metric) {
        return figures.median("start-up", part, names, 0, metric);
    }

    private OptionalDouble quantile(String metric, int names, double share) {
        Optional<Stats> stats = figures.stats("join-leave", MAPS, names, 0, metric);
        return stats.isPresent() ? OptionalDouble.of(stats.get().quantile(share)) : OptionalDouble.empty();
    }

    private void atLeast(String what, OptionalDouble figure, double limit) {
        all.add(new Expectation(what, figure, true, limit, ""));
    }

    private void atMost(String what, OptionalDouble figure, double limit, String unit) {
        all.add(new Expectation(what, figure, false, limit, unit));
    }
}
