package io.rollcall.bench.report;

import io.rollcall.bench.contender.MapKind;
import io.rollcall.bench.report.Results.Subject;
import io.rollcall.bench.scenario.MapKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the report says of the two kinds of map. */
final class KindSection {
    private final Figures figures;
    private final Page page;

    KindSection(Figures figures, Page page) {
        this.figures = figures;
        this.page = page;
    }

    void write() {
        List<Integer> sizes = figures.sizes(MapKinds.NAME);
        if (sizes.isEmpty()) {
            return;
        }
        page.say("""
                ## From how many names on the hashed map

                Requests/s with the text alone and with the hashed map, declared workers, each made to publish its kind; in brackets, of the text in the same round.
                The agent has the text alone up to 16 KiB, some 400 names.
                """);
        List<String> heads = new ArrayList<>(List.of("names"));
        for (int changes : MapKinds.CHANGES) {
            String when = changes == 0 ? "no changes" : changes + (changes == 1 ? " change/s" : " changes/s");
            heads.add("text, " + when);
            heads.add("hashed, " + when);
        }
        page.table(heads);
        for (int size : sizes) {
            List<String> cells = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", size)));
            for (int changes : MapKinds.CHANGES) {
                Subject text = subject(MapKind.TEXT, size, changes);
                Subject hashed = subject(MapKind.HASHED, size, changes);
                cells.add(spread(text));
                cells.add(spread(hashed) + " [" + Figures.ratioText(figures.byRound(hashed, text)) + "]");
            }
            page.row(cells);
        }
        page.end();
    }

    private String spread(Subject subject) {
        return figures.results().get(subject).map(Figures::spread).orElse("–");
    }

    private static Subject subject(MapKind kind, int size, int changes) {
        return new Subject(MapKinds.NAME, kind.word(), size, changes, "requests/s");
    }
}
