package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
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
        List<Integer> sizes = figures.sizes(ROUTING);
        if (sizes.isEmpty()) {
            return;
        }
        page.say("""
                ## Throughput

                Requests/s that 32 kept-alive connections get through, median (least–most); in brackets, of the reference in the same table.
                *Failed*: no answer, or another than 200. *Cut*: kept-alive connections that were ended under a request, which a browser asks again.
                *Wrong*: answered by a backend that does not have the name. *Behind*: names, of 20 that had moved in each run, that were not answered
                from their new place within 5 s of the last change. † could not be told of so many changes.
                """);
        page.plot("throughput by names", "throughput-by-names.svg");
        page.plot("throughput by names, changing", "throughput-by-names-changing.svg");
        sizes.forEach(this::throughput);
        page.say("""
                ## Latency

                At 1,000 requests/s, from when a request was due, not from when it could be sent (coordinated omission); milliseconds. In brackets,
                of the reference in the same table.
                """);
        page.plot("p99 by names, changing", "latency-by-names-changing.svg");
        sizes.forEach(this::latency);
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
            COUNTS.forEach(metric -> cells.add(sum(contender, size, metric)));
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
        return "%s (%s–%s) [%s]%s"
                .formatted(
                        Figures.number(stats.median()),
                        Figures.number(stats.least()),
                        Figures.number(stats.most()),
                        Figures.ratioText(ratio),
                        made.orElse(changes) < 0.9 * changes ? " †" : "");
    }

    /** Of all runs at this number of names. */
    private String sum(Contender contender, int size, String metric) {
        double sum = report.results().all().entrySet().stream()
                .filter(entry -> entry.getKey().scenario().equals(ROUTING)
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
        OptionalDouble value = figures.median(ROUTING, contender.name(), size, changes, metric);
        return value.isEmpty()
                ? "–"
                : Figures.number(value) + " [" + Figures.ratioText(Figures.ratio(value, reference(size, metric))) + "]";
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
