package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.report.Results.Subject;
import io.rollcall.bench.scenario.Arena;
import io.rollcall.bench.scenario.SideBySide;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the report says of throughput and latency. */
final class LoadSections {
    private static final String ROUTING = "routing";
    private static final List<String> COUNTS = List.of("failed", "cut", "wrong", "behind");

    private final Report report;
    private final Figures figures;
    private final Page page;

    LoadSections(Report report, Figures figures, Page page) {
        this.report = report;
        this.figures = figures;
        this.page = page;
    }

    void write() {
        sideBySide();
        List<Integer> sizes = figures.sizes(ROUTING);
        if (sizes.isEmpty()) {
            return;
        }
        page.say("## " + Section.THROUGHPUT.title());
        page.say("""
                Requests/s that 32 kept-alive connections get through, median (least–most), or the only figure there is; in brackets, of the
                reference in the same table.
                *Failed*: no answer, or another than 200. *Cut*: kept-alive connections that were ended under a request, which a browser asks again.
                *Wrong*: answered by a backend that does not have the name. *Behind*: names, of 20 that had moved in each run, that were not answered
                from their new place within 5 s of the last change. † was not told so often: of several changes at once, or later.

                *Who has it easier or harder*: the two static ones and the C program do not look at the name and follow nothing: they are bounds, not ways
                to do it. HAProxy and nginx are asked in httpd's place, with less to do for each request; Varnish compares names one after the other and
                writes no access log. The generic workers are the worst that can happen to Rollcall, as no backend is declared; with declared
                workers all of them are, as for every other contender. While names change, Rollcall pays for the agent and for ZooKeeper, which share the
                processors with the load; the others are told by the benchmark itself, without a registry, and what writes their files is paid for in the same way.
                """);
        page.plot("throughput by names", "throughput-by-names.svg");
        page.plot("throughput by names, changing", "throughput-by-names-changing.svg");
        sizes.forEach(this::throughput);
        page.say("""
                ## Latency

                At 1,000 requests/s, from when a request was due, not from when it could be sent (coordinated omission); milliseconds, median
                (least–most) of the rounds. In brackets, of the reference in the same table. A round is short: its p99 is made of the slowest ten
                requests of each second, which one pause of the machine can be. Who has it easier or harder is as above.
                """);
        page.plot("p99 by names, changing", "latency-by-names-changing.svg");
        sizes.forEach(this::latency);
    }

    private void sideBySide() {
        if (figures.sizes(SideBySide.NAME).isEmpty()) {
            return;
        }
        page.say("## " + Section.SIDE_BY_SIDE.title());
        page.say("""
                Only those that an expectation speaks of, in more rounds: median (least–most). What is expected of a ratio is formed in each round,
                of figures taken within seconds, and the median of that is above. In brackets, of static `ProxyPass` by round; in the second table, of
                the first column: the median, and between which the middle half of the rounds lies.
                """);
        if (figures.sizes(SideBySide.NAME).contains(Arena.FEW)) {
            page.table(List.of("contender, 1 name", "requests/s", "p50 ms", "p99 ms", "failed, wrong or cut"));
            for (Contender one : report.contenders()) {
                if (pair(one, Arena.FEW, 0, "requests/s").isPresent()) {
                    page.row(List.of(
                            one.title(),
                            sideBySide(one, "requests/s"),
                            sideBySide(one, "p50 ms"),
                            sideBySide(one, "p99 ms"),
                            sum(SideBySide.NAME, one, Arena.FEW, "failed")));
                }
            }
            page.end();
        }
        int many = figures.sizes(SideBySide.NAME).stream().max(Integer::compare).orElseThrow();
        if (many > Arena.FEW) {
            page.table(List.of(
                    "contender, 100,000 names", "1 of them asked", "all, 10 changes/s", "failed, wrong or cut"));
            for (Contender one : report.contenders()) {
                Subject ofOne = new Subject(SideBySide.NAME, one.name(), many, 0, SideBySide.OF_ONE);
                Subject all = new Subject(SideBySide.NAME, one.name(), many, 10, "requests/s");
                if (report.results().get(all).isPresent()) {
                    page.row(List.of(
                            one.title(),
                            spread(report.results().get(ofOne)),
                            spread(report.results().get(all)) + " [" + Figures.ratioText(figures.byRound(all, ofOne))
                                    + "]",
                            sum(SideBySide.NAME, one, many, "failed")));
                }
            }
            page.end();
        }
    }

    private Optional<Stats> pair(Contender contender, int size, int changes, String metric) {
        return figures.stats(SideBySide.NAME, contender.name(), size, changes, metric);
    }

    private String sideBySide(Contender one, String metric) {
        Subject subject = new Subject(SideBySide.NAME, one.name(), Arena.FEW, 0, metric);
        Subject reference = new Subject(SideBySide.NAME, Contenders.REFERENCE, Arena.FEW, 0, metric);
        return spread(report.results().get(subject)) + " [" + Figures.ratioText(figures.byRound(subject, reference))
                + "]";
    }

    private static String spread(Optional<Stats> found) {
        return found.map(Figures::spread).orElse("–");
    }

    private void throughput(int size) {
        page.say("### " + title(size));
        List<String> heads = new ArrayList<>(List.of("contender", "no changes"));
        figures.changes().forEach(changes -> heads.add(changes + (changes == 1 ? " change/s" : " changes/s")));
        heads.addAll(COUNTS);
        page.table(heads);
        for (Contender contender : present(size)) {
            List<String> cells = new ArrayList<>(List.of(contender.title(), rate(contender, size, 0)));
            figures.changes().forEach(changes -> cells.add(rate(contender, size, changes)));
            COUNTS.forEach(metric -> cells.add(sum(ROUTING, contender, size, metric)));
            page.row(cells);
        }
        page.end();
        page.say("The backends alone, without anything before them: %s requests/s."
                .formatted(Figures.number(figures.median(ROUTING, "backends", size, 0, "requests/s"))));
        page.plot(
                "throughput by changes",
                "throughput-by-changes-" + Figures.asked(size).replace(",", "") + ".svg");
    }

    private String rate(Contender contender, int size, int changes) {
        Optional<Stats> found = figures.stats(ROUTING, contender.name(), size, changes, "requests/s");
        if (found.isEmpty()) {
            return "–";
        }
        Stats stats = found.get();
        OptionalDouble ratio = Figures.ratio(OptionalDouble.of(stats.median()), reference(size, "requests/s"));
        OptionalDouble made = figures.median(ROUTING, contender.name(), size, changes, "changes/s made");
        return "%s [%s]%s"
                .formatted(spread(found), Figures.ratioText(ratio), made.orElse(changes) < 0.9 * changes ? " †" : "");
    }

    /** Of all runs at this number of names. */
    private String sum(String scenario, Contender contender, int size, String metric) {
        double sum = report.results().all().entrySet().stream()
                .filter(entry -> entry.getKey().scenario().equals(scenario)
                        && entry.getKey().contender().equals(contender.name())
                        && entry.getKey().names() == size
                        && entry.getKey().metric().equals(metric))
                .mapToDouble(entry -> Stats.of(entry.getValue()).sum())
                .sum();
        return Figures.number(sum);
    }

    private void latency(int size) {
        page.say("### " + title(size));
        List<String> heads = new ArrayList<>(List.of("contender", "p50", "p99"));
        figures.changes()
                .forEach(changes -> heads.add("p99, " + changes + (changes == 1 ? " change/s" : " changes/s")));
        page.table(heads);
        for (Contender contender : present(size)) {
            List<String> cells = new ArrayList<>(List.of(
                    contender.title(), millis(contender, size, 0, "p50 ms"), millis(contender, size, 0, "p99 ms")));
            figures.changes().forEach(changes -> cells.add(millis(contender, size, changes, "p99 ms")));
            page.row(cells);
        }
        page.end();
    }

    private String millis(Contender contender, int size, int changes, String metric) {
        Optional<Stats> found = figures.stats(ROUTING, contender.name(), size, changes, metric);
        return found.map(stats -> "%s [%s]"
                        .formatted(
                                Figures.spread(stats),
                                Figures.ratioText(
                                        Figures.ratio(OptionalDouble.of(stats.median()), reference(size, metric)))))
                .orElse("–");
    }

    private OptionalDouble reference(int size, String metric) {
        return figures.median(ROUTING, Contenders.REFERENCE, size, 0, metric);
    }

    private List<Contender> present(int size) {
        return report.contenders().stream()
                .filter(one -> figures.median(ROUTING, one.name(), size, 0, "requests/s")
                        .isPresent())
                .toList();
    }

    private static String title(int size) {
        return size <= 10 ? "1 name" : String.format(Locale.ROOT, "%,d names, asked at random", size);
    }
}
