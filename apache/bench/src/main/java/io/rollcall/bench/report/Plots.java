package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/** The plots of a report, by their file names. */
final class Plots {
    private final Report report;
    private final Figures figures;

    Plots(Report report) {
        this.report = report;
        this.figures = new Figures(report.results());
    }

    Map<String, String> all() {
        Map<String, String> plots = new LinkedHashMap<>();
        List<Integer> sizes = figures.sizes("routing");
        if (sizes.isEmpty()) {
            return plots;
        }
        List<String> names = sizes.stream().map(Figures::asked).toList();
        int changes = figures.changes().contains(10) ? 10 : 0;
        plots.put(
                "throughput-by-names.svg",
                plot(
                        "Throughput, nothing changes",
                        "names, asked at random",
                        "requests/s",
                        names,
                        contender -> i -> figures.median("routing", contender, sizes.get(i), 0, "requests/s")));
        plots.put(
                "throughput-by-names-changing.svg",
                plot(
                        "Throughput, " + changes + " changes a second",
                        "names, asked at random",
                        "requests/s",
                        names,
                        contender -> i -> figures.median("routing", contender, sizes.get(i), changes, "requests/s")));
        plots.put(
                "latency-by-names-changing.svg",
                plot(
                        "99th percentile of latency at 1,000 requests/s, " + changes + " changes a second",
                        "names, asked at random",
                        "milliseconds",
                        names,
                        contender -> i -> figures.median("routing", contender, sizes.get(i), changes, "p99 ms")));
        List<Integer> rates = new ArrayList<>(List.of(0));
        rates.addAll(figures.changes());
        for (int size : sizes) {
            plots.put(
                    "throughput-by-changes-" + Figures.asked(size).replace(",", "") + ".svg",
                    plot(
                            "Throughput at " + Figures.asked(size) + (size <= 10 ? " name" : " names"),
                            "changes a second",
                            "requests/s",
                            rates.stream().map(Object::toString).toList(),
                            contender -> i -> figures.median("routing", contender, size, rates.get(i), "requests/s")));
        }
        return plots;
    }

    private interface Values {
        IntFunction<OptionalDouble> of(String contender);
    }

    private String plot(String title, String xTitle, String yTitle, List<String> places, Values values) {
        List<Svg.Line> lines = new ArrayList<>();
        for (Contender contender : report.contenders()) {
            List<OptionalDouble> line = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                line.add(values.of(contender.name()).apply(i));
            }
            lines.add(new Svg.Line(contender.title(), line, contender.isRollcall()));
        }
        return Svg.lines(title, xTitle, String.format(Locale.ROOT, "%s (logarithmic)", yTitle), places, lines);
    }
}
