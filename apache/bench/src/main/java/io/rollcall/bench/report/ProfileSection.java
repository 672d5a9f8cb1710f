package io.rollcall.bench.report;

import io.rollcall.bench.report.Results.Subject;
import io.rollcall.bench.scenario.ChangeCost;
import io.rollcall.bench.scenario.Profile;
import io.rollcall.bench.scenario.Rest;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What the report says of where the agent's processor time goes. */
final class ProfileSection {
    private static final int MOST = 7; // threads that are named
    private static final int NAMES = 1_000;

    private final Figures figures;
    private final Page page;

    ProfileSection(Figures figures, Page page) {
        this.figures = figures;
        this.page = page;
    }

    void write() {
        int many = figures.sizes("start-up").stream().max(Integer::compare).orElse(0);
        int changing =
                figures.sizes(ChangeCost.NAME).stream().max(Integer::compare).orElse(0);
        List<List<String>> rows = List.of(
                row("a probe a second each, % of a core", Rest.NAME, NAMES, "idle"),
                row("a probe each 30 s, `httpd.logs`, once calm, % of a core", Rest.NAME, NAMES, "idle with logs"),
                row("each of 1,000 changes its weight once a second, % of a core", Rest.NAME, NAMES, "weights"),
                row("each of 1,000 names moves once a second, % of a core", Rest.NAME, NAMES, "moves"),
                row("one of 10 changes/s at 10 names, ms", ChangeCost.NAME, 10, "change"),
                row("the same at %,d names, ms".formatted(changing), ChangeCost.NAME, changing, "change"),
                row("from the registry, %,d names, ms".formatted(many), "start-up", many, "from registry ms"),
                row("from `snapshot.json` alone, %,d names, ms".formatted(many), "start-up", many, "from snapshot ms"));
        List<List<String>> told = rows.stream().filter(row -> !row.isEmpty()).toList();
        if (told.isEmpty()) {
            return;
        }
        page.say("### " + Section.AGENT.title());
        page.say("""
                By thread, as Linux counts it, those of a pool together: those that used most, and in brackets what of it was the kernel's. *GC*, *G1* and *C1* are Java's: its
                collector and its compiler.
                """);
        page.table(List.of("while", "threads"));
        told.forEach(page::row);
        page.end();
    }

    private List<String> row(String title, String scenario, int names, String what) {
        String begin = Profile.begin(what);
        String threads = figures.metrics(scenario, begin).stream()
                .filter(metric -> !Profile.isKernel(metric))
                .map(metric -> Profile.subject(scenario, names, metric))
                .filter(subject -> median(subject) > 0)
                .sorted(Comparator.comparingDouble(this::median).reversed())
                .limit(MOST)
                .map(subject -> "%s %s (%s)"
                        .formatted(
                                subject.metric().substring(begin.length()),
                                Figures.number(median(subject)),
                                Figures.number(median(Profile.kernel(subject)))))
                .collect(Collectors.joining(", "));
        return threads.isEmpty() ? List.of() : List.of(title, threads);
    }

    private double median(Subject subject) {
        return figures.results().get(subject).map(Stats::median).orElse(0.0);
    }
}
