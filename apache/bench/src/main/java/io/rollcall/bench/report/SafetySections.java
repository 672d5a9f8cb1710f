package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.PrgMutex;
import io.rollcall.bench.scenario.Mutexes;
import io.rollcall.bench.scenario.Strangers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the report says of who asks for names that nobody has, and of the mutex around {@code prg:}. */
final class SafetySections {
    private final Report report;
    private final Figures figures;
    private final Page page;

    SafetySections(Report report, Figures figures, Page page) {
        this.report = report;
        this.figures = figures;
        this.page = page;
    }

    void write() {
        figures.sizes(Strangers.NAME).forEach(this::strangers);
        figures.sizes(Mutexes.NAME).forEach(this::mutexes);
    }

    private void strangers(int size) {
        page.say("## " + Section.STRANGERS.title());
        page.say("""
                One client asks for another unknown name each time. httpd caches each miss until the age of the map advances (`touch.every`), then it
                uses that memory again. *First*: after those that were asked before the first advance. Resident MiB of httpd, here with one child
                that is asked them all, and of the agent.
                """);
        page.table(List.of("contender", "names", "httpd before", "first", "httpd after", "agent after"));
        for (Contender contender : report.contenders()) {
            OptionalDouble names = figures.median(Strangers.NAME, contender.name(), size, 0, "names");
            if (names.isPresent()) {
                page.row(List.of(
                        contender.title(),
                        String.format(Locale.ROOT, "%,.0f", names.getAsDouble()),
                        number(contender.name(), size, "before MiB"),
                        number(contender.name(), size, "first MiB"),
                        number(contender.name(), size, "after MiB"),
                        number(contender.name(), size, "agent MiB")));
            }
        }
        page.end();
    }

    private String number(String contender, int size, String metric) {
        return Figures.number(figures.median(Strangers.NAME, contender, size, 0, metric));
    }

    private void mutexes(int size) {
        page.say("""
                ## The mutex around each question to `prg:`

                `Mutex KIND rewrite-map`, with the C program. All children of httpd are killed at once under load, whoever holds the mutex among them;
                *goes on*: a new request was answered within 5 s. Rollcall's resolver is set up with sysvsem.
                """);
        page.table(List.of("mutex", "requests/s", "goes on"));
        for (PrgMutex mutex : PrgMutex.values()) {
            Optional<Stats> rate = figures.stats(Mutexes.NAME, mutex.word(), size, 0, "requests/s");
            Optional<Stats> kills = figures.stats(Mutexes.NAME, mutex.word(), size, 0, "went on");
            if (rate.isPresent() && kills.isPresent()) {
                page.row(List.of(
                        mutex.word(),
                        "%s (%s–%s)"
                                .formatted(
                                        Figures.number(rate.get().median()),
                                        Figures.number(rate.get().least()),
                                        Figures.number(rate.get().most())),
                        kills.get().least() == 1
                                ? "yes, after each of %s"
                                        .formatted(Figures.number(kills.get().sum()))
                                : "**no**: it went on %s times, then it hung"
                                        .formatted(Figures.number(kills.get().sum()))));
            }
        }
        page.end();
    }
}
