package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.scenario.Departures;
import java.util.List;
import java.util.OptionalDouble;

/** What the report says of servers that end while names move. */
final class ChurnSection {
    private final Report report;
    private final Figures figures;
    private final Page page;

    ChurnSection(Report report, Figures figures, Page page) {
        this.report = report;
        this.figures = figures;
        this.page = page;
    }

    void write() {
        figures.sizes(Departures.NAME).forEach(this::write);
    }

    private void write(int size) {
        page.say("## " + Section.CHURN.title());
        page.say("""
                1,000 names on 200 servers, five on each, and as much load as 32 kept-alive connections make. Every 10 ms a name moves to a new server and the
                old one says that it leaves; when all five have left, it goes on for 2 s, which is the registrar's default, and ends: it takes no more
                connections and closes those that it has. Its address soon is another server's. *Failed*: no answer, or another than 200. *Wrong*:
                asked of a server that does not have the name. *Cut*: kept-alive connections of clients that httpd ended under a request. *Behind*: names, of 20 that had
                moved, that were not answered from their new place within 5 s of the last change. *Lost at once*: failed, wrong or cut of some seconds in
                which servers end in the moment when they say that they leave, which no proxy can know in time: if there are any, losses are seen.
                """);
        page.table(List.of(
                "contender",
                "asked",
                "changes/s made",
                "servers that ended",
                "failed",
                "wrong",
                "cut",
                "behind",
                "lost at once, of asked"));
        for (Contender contender : report.contenders()) {
            if (figure(contender, size, "asked").isPresent()) {
                page.row(List.of(
                        contender.title(),
                        number(contender, size, "asked"),
                        number(contender, size, "changes/s made"),
                        number(contender, size, "ended"),
                        number(contender, size, "failed"),
                        number(contender, size, "wrong"),
                        number(contender, size, "cut"),
                        number(contender, size, "behind"),
                        Figures.number(lost(contender, size)) + " of "
                                + number(contender, size, Departures.AT_ONCE + "asked")));
            }
        }
        page.end();
    }

    private OptionalDouble lost(Contender contender, int size) {
        double lost = 0;
        for (String metric : List.of("failed", "wrong", "cut")) {
            OptionalDouble figure = figure(contender, size, Departures.AT_ONCE + metric);
            if (figure.isEmpty()) {
                return figure;
            }
            lost += figure.getAsDouble();
        }
        return OptionalDouble.of(lost);
    }

    private String number(Contender contender, int size, String metric) {
        return Figures.number(figure(contender, size, metric));
    }

    private OptionalDouble figure(Contender contender, int size, String metric) {
        return figures.median(Departures.NAME, contender.name(), size, Departures.CHANGES, metric);
    }
}
