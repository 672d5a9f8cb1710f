package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.contender.Counted;
import io.rollcall.bench.contender.Spent;
import io.rollcall.bench.scenario.Instructions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.BiFunction;

/** What the report says of what httpd does for one request. */
final class CountSection {
    /** Instructions of a library that are worth a column. */
    private static final double MUCH = 1000;

    /** System calls that are a difference. */
    private static final double DIFFERENCE = 0.5;

    private static final String INSTRUCTIONS = Counted.INSTRUCTIONS.toString();
    private static final String SYSTEM_CALLS = Counted.SYSTEM_CALLS.toString();
    private static final String PARTS = Counted.INSTRUCTIONS.part("");
    private static final String OBJECTS = Counted.INSTRUCTIONS.within("");
    private static final String CALLS = Counted.SYSTEM_CALLS.part("");

    /** One whose requests were counted. */
    private record Row(String title, int size, String names, String subject) {}

    private final Figures figures;
    private final Page page;
    private final List<Row> rows = new ArrayList<>();

    CountSection(Report report, Figures figures, Page page) {
        this.figures = figures;
        this.page = page;
        for (int size : figures.sizes(Instructions.NAME)) {
            for (Contender one : report.contenders()) {
                add(new Row(one.title(), size, "1 of " + String.format(Locale.ROOT, "%,d", size), one.name()));
                add(new Row(one.title(), size, "all", one.name() + Instructions.ALL));
            }
        }
    }

    private void add(Row row) {
        if (has(row, INSTRUCTIONS)) {
            rows.add(row);
        }
    }

    void write() {
        if (rows.isEmpty()) {
            return;
        }
        page.say("## " + Section.REQUEST.title());
        page.say("""
                Instructions of httpd and its libraries (valgrind), and system calls (strace), of a request on a kept-alive connection; in brackets, of
                static `ProxyPass`. They explain a part of the requests/s at 1 name: what the kernel does for a request is the same for all, but for the
                calls that are more.
                """);
        table("", rows, List.of(INSTRUCTIONS, SYSTEM_CALLS), this::ofReference);
        parts();
        objects();
        calls();
    }

    private void parts() {
        List<Row> told = having(PARTS);
        if (!told.isEmpty()) {
            page.say("""
                    ### Where they go

                    Instructions once more: of static `ProxyPass` as they are, of the others those beyond static's (if that was counted), by callgrind in the same runs. *Patterns*:
                    what mod_rewrite compares. *Maps*: its looks at files, its cache, and what it writes to a program and reads from it. *Rules, the rest*:
                    variables, strings, comparing the lines of a text map, and whatever else finds out where a request goes. *Sections, fixups*: from there
                    to the handler, with the merging of `<Proxy "*">`. *Proxying*: the request to the backend, and its answer.
                    """);
            List<String> parts =
                    Arrays.stream(Spent.values()).map(on -> PARTS + on).toList();
            table(PARTS, told, parts, this::beyond);
        }
    }

    private void objects() {
        List<Row> told = having(OBJECTS);
        if (!told.isEmpty()) {
            page.say(
                    "The same by whose code it is, without what that calls; memory and strings are libapr's and libc's.");
            List<String> worth = figures.metrics(Instructions.NAME, OBJECTS).stream()
                    .filter(what -> spread(told, what).getMax() >= MUCH)
                    .toList();
            table(OBJECTS, told, worth, this::beyond);
        }
    }

    private void calls() {
        List<Row> told = having(CALLS);
        List<String> differ = figures.metrics(Instructions.NAME, CALLS).stream()
                .filter(what -> spread(told, what).getMax() - spread(told, what).getMin() >= DIFFERENCE)
                .toList();
        if (!differ.isEmpty()) {
            page.say(
                    "System calls of httpd of which not all make the same number; `futex` and `poll` depend on how threads happen to meet:");
            table(CALLS, told, differ, (row, what) -> Figures.number(count(row, what)));
        }
    }

    /** Whose heads are the metrics without how all of them begin. */
    private void table(String begin, List<Row> told, List<String> metrics, BiFunction<Row, String, String> cell) {
        List<String> heads = new ArrayList<>(List.of("contender", "names"));
        metrics.forEach(what -> heads.add(what.substring(begin.length())));
        page.table(heads);
        for (Row row : told) {
            List<String> cells = new ArrayList<>(List.of(row.title(), row.names()));
            metrics.forEach(what -> cells.add(cell.apply(row, what)));
            page.row(cells);
        }
        page.end();
    }

    private String ofReference(Row row, String what) {
        if (!has(row, what)) {
            return "–";
        }
        String number = Figures.number(count(row, what));
        return what.equals(INSTRUCTIONS)
                ? "%s [%s]"
                        .formatted(
                                number, Figures.ratioText(Figures.ratio(figure(row, what), figure(reference(), what))))
                : number;
    }

    private String beyond(Row row, String what) {
        boolean alone = row.subject().equals(Contenders.REFERENCE)
                || having(what.startsWith(PARTS) ? PARTS : OBJECTS).stream()
                        .noneMatch(one -> one.subject().equals(Contenders.REFERENCE));
        return alone
                ? Figures.number(count(row, what))
                : String.format(Locale.ROOT, "%+,d", Math.round(count(row, what) - count(reference(), what)));
    }

    /** It is counted where there are fewest names, as it does not look at them. */
    private Row reference() {
        return new Row("", rows.get(0).size(), "", Contenders.REFERENCE);
    }

    private List<Row> having(String begin) {
        return rows.stream()
                .filter(row ->
                        figures.metrics(Instructions.NAME, begin).stream().anyMatch(what -> has(row, what)))
                .toList();
    }

    private DoubleSummaryStatistics spread(List<Row> told, String what) {
        return told.stream().mapToDouble(row -> count(row, what)).summaryStatistics();
    }

    private boolean has(Row row, String what) {
        return figure(row, what).isPresent();
    }

    /** 0 if it is not among those of this one. */
    private double count(Row row, String what) {
        return figure(row, what).orElse(0);
    }

    private OptionalDouble figure(Row row, String what) {
        return figures.median(Instructions.NAME, row.subject(), row.size(), 0, what);
    }
}
