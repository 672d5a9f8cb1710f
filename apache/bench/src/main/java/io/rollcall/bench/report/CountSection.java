package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.contender.Counted;
import io.rollcall.bench.scenario.Instructions;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What the report says of what httpd does for one request. */
final class CountSection {
    private final Report report;
    private final Figures figures;
    private final Page page;

    CountSection(Report report, Figures figures, Page page) {
        this.report = report;
        this.figures = figures;
        this.page = page;
    }

    void write() {
        if (figures.sizes(Instructions.NAME).isEmpty()) {
            return;
        }
        page.say("""
                ## What httpd does for one request

                Instructions of httpd and its libraries (valgrind), and system calls (strace), of a request on a kept-alive connection; in brackets, of
                static `ProxyPass`. They explain the requests/s at 1 name: what the kernel does for a request is the same for all, but for the calls
                that are more.
                """);
        page.table(List.of("contender", "names", "instructions", "system calls"));
        for (int size : figures.sizes(Instructions.NAME)) {
            for (Contender one : report.contenders()) {
                row(one.title(), size, "1 of " + String.format(Locale.ROOT, "%,d", size), one.name());
                row(one.title(), size, "all", one.name() + Instructions.ALL);
            }
        }
        page.end();
    }

    private void row(String title, int size, String names, String subject) {
        OptionalDouble instructions = count(subject, size, Counted.INSTRUCTIONS);
        if (instructions.isPresent()) {
            String ratio = Figures.ratioText(Figures.ratio(
                    instructions,
                    count(Contenders.REFERENCE, figures.sizes(Instructions.NAME).get(0), Counted.INSTRUCTIONS)));
            page.row(List.of(
                    title,
                    names,
                    "%s [%s]".formatted(Figures.number(instructions), ratio),
                    Figures.number(count(subject, size, Counted.SYSTEM_CALLS))));
        }
    }

    private OptionalDouble count(String subject, int size, Counted what) {
        return figures.median(Instructions.NAME, subject, size, 0, what.toString());
    }
}
