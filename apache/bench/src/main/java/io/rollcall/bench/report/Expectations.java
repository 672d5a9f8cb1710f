package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.report.Results.Subject;
import io.rollcall.bench.scenario.Departures;
import io.rollcall.bench.scenario.Rest;
import io.rollcall.bench.scenario.SideBySide;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What Rollcall is to reach, and whether it did in this run. */
final class Expectations {
    /** One of them; the figure is empty if this run did not measure it. */
    record Expectation(String what, OptionalDouble figure, boolean atLeast, double limit, String unit, Section where) {
        boolean holds() {
            return figure.isPresent() && (atLeast ? figure.getAsDouble() >= limit : figure.getAsDouble() <= limit);
        }

        List<String> cells() {
            String bound = (atLeast ? "at least " : "at most ") + Figures.number(limit) + unit;
            String verdict = figure.isEmpty() ? "not measured" : holds() ? "yes" : "**no**: " + where.link();
            return List.of(what, bound, figure.isPresent() ? Figures.number(figure) + unit : "–", verdict);
        }
    }

    private static final String MAPS = "rollcall-maps";
    private static final String HASHED = "rollcall-hashed";
    private static final String RESOLVER = "rollcall-resolver";
    private static final Set<String> LOST = Set.of("failed", "wrong", "cut");

    private final Figures figures;
    private final List<Expectation> all = new ArrayList<>();
    private Section where; // of those that are added next

    Expectations(Figures figures) {
        this.figures = figures;
        load();
        churn();
        joinAndLeave();
        startAndRest();
    }

    List<Expectation> all() {
        return all;
    }

    private void load() {
        for (Map.Entry<String, String> maps : List.of(Map.entry(MAPS, "text map"), Map.entry(HASHED, "hashed map"))) {
            String title = maps.getValue() + ", declared workers, 1 name: ";
            where = Section.REQUEST;
            atLeast(
                    title + "requests/s, of static `ProxyPass`",
                    ratio(maps.getKey(), Contenders.REFERENCE, "requests/s"),
                    0.95);
            where = Section.SIDE_BY_SIDE;
            atMost(title + "p99, of static `ProxyPass`", ratio(maps.getKey(), Contenders.REFERENCE, "p99 ms"), 1.1, "");
        }
        where = Section.REQUEST;
        atLeast(
                "declared workers, 100,000 names, 10 changes/s: requests/s, of its own at 1 name",
                Figures.ratio(rate(MAPS, 100_000, 10), rate(MAPS, 10, 0)),
                0.8);
        atLeast(
                "the same, the 1 name being one of the 100,000, asked just before",
                Figures.median(figures.byRound(
                        pair(MAPS, 100_000, 10, "requests/s"), pair(MAPS, 100_000, 0, SideBySide.OF_ONE))),
                0.8);
        atLeast(
                "resolver, 1 name: requests/s, of a C program that answers a constant",
                ratio(RESOLVER, "prg-constant", "requests/s"),
                0.9);
        atLeast("resolver, 1 name: requests/s, of the Perl script", ratio(RESOLVER, "prg-perl", "requests/s"), 1);
        where = Section.THROUGHPUT;
        atMost(
                "Rollcall, under all loads: requests lost (failed, answered by the wrong backend, or cut)",
                failed(),
                0,
                "");
        atMost(
                "Rollcall, 100 changes/s: names that were not followed 5 s after the last change",
                figures.sum("routing", "rollcall-", 100, Set.of("behind")),
                0,
                "");
    }

    private void churn() {
        where = Section.CHURN;
        atMost(
                "Rollcall, a change every 10 ms under full load, and servers that end 2 s after they were left: requests lost (failed, wrong or cut)",
                figures.sum(Departures.NAME, "rollcall-", Departures.CHANGES, LOST),
                0,
                "");
        atMost(
                "the same: names that were not followed 5 s after the last change",
                figures.sum(Departures.NAME, "rollcall-", Departures.CHANGES, Set.of("behind")),
                0,
                "");
        atLeast(
                "the same: changes/s made, with each of three contenders",
                least(Departures.CONTENDERS, contender -> departures(contender, Set.of("changes/s made"))),
                0.95 * Departures.CHANGES);
        atLeast(
                "the same: requests lost where servers end at once, with each of them, as a proof that losses are seen",
                least(
                        Departures.CONTENDERS,
                        contender -> departures(
                                contender,
                                LOST.stream()
                                        .map(count -> Departures.AT_ONCE + count)
                                        .collect(Collectors.toSet()))),
                1);
    }

    /** The sum of these figures; empty if one is missing. */
    private OptionalDouble departures(String contender, Set<String> metrics) {
        List<OptionalDouble> all = metrics.stream()
                .map(metric -> figures.median(Departures.NAME, contender, Departures.SIZE, Departures.CHANGES, metric))
                .toList();
        return all.stream().anyMatch(OptionalDouble::isEmpty)
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        all.stream().mapToDouble(OptionalDouble::getAsDouble).sum());
    }

    /** Empty if one of them has none. */
    private static OptionalDouble least(List<String> contenders, Function<String, OptionalDouble> figure) {
        List<OptionalDouble> all = contenders.stream().map(figure).toList();
        return all.stream().anyMatch(OptionalDouble::isEmpty)
                ? OptionalDouble.empty()
                : all.stream().mapToDouble(OptionalDouble::getAsDouble).min();
    }

    /** By round, at 1 name. */
    private OptionalDouble ratio(String one, String other, String metric) {
        return Figures.median(figures.byRound(pair(one, 10, 0, metric), pair(other, 10, 0, metric)));
    }

    private static Subject pair(String contender, int names, int changes, String metric) {
        return new Subject(SideBySide.NAME, contender, names, changes, metric);
    }

    private OptionalDouble failed() {
        Set<String> counts = LOST;
        OptionalDouble routing = figures.sum("routing", "rollcall-", -1, counts);
        OptionalDouble pairs = figures.sum(SideBySide.NAME, "rollcall-", -1, counts);
        return routing.isEmpty() && pairs.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(routing.orElse(0) + pairs.orElse(0));
    }

    private void joinAndLeave() {
        where = Section.JOIN_LEAVE;
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
        where = Section.AGENT;
        atMost(
                "agent, 100,000 backends: from nothing to all published",
                start("agent", 100_000, "from registry ms"),
                30_000,
                " ms");
        atMost(
                "agent, 100,000 backends: from `state.dir`, without registry and maps, to all published",
                start("agent", 100_000, "from state.dir ms"),
                1_000,
                " ms");
        atMost(
                "the same, from `state.dir/snapshot.json` alone",
                start("agent", 100_000, "from snapshot ms"),
                1_000,
                " ms");
        atMost(
                "agent, 100,000 backends, as it is started (`-Xmx512m`), after all of the above: heap, with garbage",
                agent(100_000, "heap MiB"),
                512,
                " MiB");
        atMost(
                "agent, 1,000 backends, two to a name, each of which changes its weight once a second: of a core",
                agent(1_000, "weights % of a core"),
                50,
                " %");
        where = Section.CHANGE;
        for (int fewer : List.of(10, 1_000)) {
            atMost(
                    String.format(
                            Locale.ROOT,
                            "agent, 10 changes/s: CPU of one change at 100,000 names, of the same at %,d",
                            fewer),
                    Figures.ratio(change(100_000), change(fewer)),
                    2,
                    "");
        }
        where = Section.AGENT;
        atMost(
                "agent, 1,000 names, each of which moves to another backend once a second: of a core",
                agent(1_000, "moves % of a core"),
                50,
                " %");
        atMost(
                "agent, 1,000 backends, nothing happens, each is probed once a second: of a core",
                agent(1_000, "idle % of a core"),
                0.5,
                " %");
        atMost(
                "agent with `httpd.logs`, 1,000 backends, nothing happens, probes 30 s apart: of a core",
                agent(1_000, "idle with logs % of a core"),
                0.5,
                " %");
        atMost("the same without probes", agent(1_000, "idle without probes % of a core"), 0.5, " %");
        atMost("agent, 1,000 backends: resident", agent(1_000, "resident MiB"), 128, " MiB");
        atMost("resolver, 1,000 backends: first answer", start("resolver", 1_000, "first answer ms"), 150, " ms");
        atMost("resolver, 1,000 backends: resident", start("resolver", 1_000, "resident MiB"), 64, " MiB");
        where = Section.STRANGERS;
        for (String contender : List.of(MAPS, RESOLVER)) {
            atMost(
                    "ever new names, " + contender + ": httpd's memory after all, of after the first part of the names",
                    Figures.ratio(strangers(contender, "after MiB"), strangers(contender, "first MiB")),
                    1.1,
                    "");
        }
    }

    private OptionalDouble strangers(String contender, String metric) {
        return figures.median("strangers", contender, 1_000, 0, metric);
    }

    private OptionalDouble agent(int names, String metric) {
        return figures.median(Rest.NAME, Rest.NAME, names, 0, metric);
    }

    private OptionalDouble change(int names) {
        return figures.median("change-cost", MAPS, names, 0, "updater ms");
    }

    private OptionalDouble rate(String contender, int names, int changes) {
        return figures.median("routing", contender, names, changes, "requests/s");
    }

    private OptionalDouble start(String part, int names, String metric) {
        return figures.median("start-up", part, names, 0, metric);
    }

    private OptionalDouble quantile(String metric, int names, double share) {
        Optional<Stats> stats = figures.stats("join-leave", MAPS, names, 0, metric);
        return stats.isPresent() ? OptionalDouble.of(stats.get().quantile(share)) : OptionalDouble.empty();
    }

    private void atLeast(String what, OptionalDouble figure, double limit) {
        all.add(new Expectation(what, figure, true, limit, "", where));
    }

    private void atMost(String what, OptionalDouble figure, double limit, String unit) {
        all.add(new Expectation(what, figure, false, limit, unit, where));
    }
}
