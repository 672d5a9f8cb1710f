package io.rollcall.bench.report;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.scenario.Quiet;
import io.rollcall.bench.scenario.Rest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The text of a report. */
final class Markdown {
    /** Busier than that between measurements, the machine had something else to do. */
    private static final double QUIET_PERCENT = 10;

    /** More of its time than that given to other machines, and what takes turns within a second no longer had the same. */
    private static final double STOLEN_PERCENT = 2;

    private final Report report;
    private final Figures figures;
    private final Page page = new Page();

    Markdown(Report report) {
        this.report = report;
        this.figures = new Figures(report.results());
    }

    String text() {
        page.say("""
                # Rollcall beside other ways to route by name

                Written by `%s` on %s. Only figures of this one run should be compared: load, contender and backends share the machine, so that
                ratios carry over to another one, and absolute figures do not.
                """.formatted(report.machine().get("command"), report.machine().get("when")));
        noise();
        expectations();
        new LoadSections(report, figures, page).write();
        new ChurnSection(report, figures, page).write();
        new KindSection(figures, page).write();
        new CountSection(report, figures, page).write();
        changeCost();
        joinLeave();
        memory();
        startUp();
        new SafetySections(report, figures, page).write();
        contenders();
        machine();
        return page.text();
    }

    private void noise() {
        Optional<Stats> busy = report.results().get(Quiet.KEY);
        Optional<Stats> stolen = report.results().get(Quiet.STOLEN);
        boolean quiet = busy.map(stats -> stats.quantile(0.9)).orElse(0.0) <= QUIET_PERCENT
                && stolen.map(Stats::median).orElse(0.0) <= STOLEN_PERCENT;
        if (!quiet) {
            page.say("**The machine was not quiet: these figures are rough.**");
        } else if (stolen.isPresent()) {
            page.say("The machine was quiet.");
        }
        busy.ifPresent(stats -> page.say(
                "With all contenders idle between two measurements, the processors were %s %% busy at the median, and %s %% or more in one case of ten."
                        .formatted(Figures.number(stats.median()), Figures.number(stats.quantile(0.9)))));
        stolen.ifPresent(stats -> page.say(
                "During the measurements, of the time for which the processors were wanted, the hypervisor gave %s %% to other machines at the median, and %s %% or more in one case of ten (steal)."
                        .formatted(Figures.number(stats.median()), Figures.number(stats.quantile(0.9)))));
        if (busy.isPresent() && stolen.isEmpty()) {
            page.say("What a hypervisor gave to other machines meanwhile was not looked at.");
        }
    }

    private void expectations() {
        page.say("## What Rollcall is to reach");
        page.table(List.of("what", "expected", "this run", "holds"));
        new Expectations(figures).all().forEach(one -> page.row(one.cells()));
        page.end();
        page.say("""
                Text and hashed map: the agent changes over by itself, at some 400 names; so at 1 name both are shown, and with 1,000 names and more
                *maps* is the hashed map, with what has changed since it was written in a short text before it. A figure that does not
                hold names the section that shows what limits it.
                """);
    }

    private void changeCost() {
        if (figures.sizes("change-cost").isEmpty()) {
            return;
        }
        page.say("## " + Section.CHANGE.title());
        page.say("""
                CPU milliseconds of one change at 10 changes/s and 200 requests/s, beyond what the requests cost: of the server with its children + of
                what tells it (the agent; for the others what writes their files, and the programs it runs). Around 0 is below what can be told.
                Median (least–most). † is told of several changes at once, so that one of them costs less than if it came alone.
                """);
        bySize(
                "change-cost",
                "server ms",
                (size, contender) -> spread("change-cost", contender, size, "server ms")
                        .flatMap(server -> spread("change-cost", contender, size, "updater ms")
                                .map(updater -> server + " + " + updater + atOnce(contender, size))));
    }

    private String atOnce(Contender contender, int size) {
        OptionalDouble told = figures.median("change-cost", contender.name(), size, 0, "told/s");
        return told.orElse(10) < 8 ? " †" : "";
    }

    private void joinLeave() {
        if (figures.sizes("join-leave").isEmpty()) {
            return;
        }
        page.say("## " + Section.JOIN_LEAVE.title());
        page.say("""
                Milliseconds from the call that adds a backend to the end of the first answer from it, and from the call that takes it away to the
                last request that it got: p50 / p99 (of few, the longest). *Watch*: the same call until ZooKeeper has told another session of it.
                Of Rollcall with its agent running for a while, as it does when something happens; and, from 1,000 names, with as many backends,
                each at an address of its own and probed.

                *Who has it easier or harder*: Rollcall's time is that of a registry, too: ZooKeeper writes the transaction to disk, another process is told and
                writes the maps, which is what *watch* is a part of. All others are told by the benchmark itself in the same moment, without a registry: it writes
                their file, their database or to their socket. In return Rollcall is timed most often, so that in a whole run its p99 is one, and theirs the longest of few.
                """);
        for (String what : List.of("join", "leave")) {
            page.say("### " + (what.equals("join") ? "Join" : "Leave"));
            bySize(
                    "join-leave",
                    what + " ms",
                    (size, contender) -> figures.stats("join-leave", contender.name(), size, 0, what + " ms")
                            .map(stats -> quantiles(stats)
                                    + figures.stats("join-leave", contender.name(), size, 0, what + " told ms")
                                            .map(told -> "; watch " + quantiles(told))
                                            .orElse("")));
        }
    }

    private static String quantiles(Stats stats) {
        return Figures.number(stats.quantile(0.5)) + " / " + Figures.number(stats.quantile(0.99));
    }

    private void memory() {
        if (figures.sizes("memory").isEmpty()) {
            return;
        }
        page.say("""
                ## Memory

                Resident MiB after load, looked at once: of the server with all its children, what they share counted once; + the program that httpd asks.
                *Agent*: of the agent, of which one serves all of Rollcall's contenders but those with the hashed map at 1 name, which have one of their
                own. ZooKeeper's is not counted, nor what tells the others of changes, which is the benchmark itself.
                """);
        bySize(
                "memory",
                "server MiB",
                (size, contender) -> median("memory", contender, size, "server MiB")
                        .map(server -> server
                                + median("memory", contender, size, "program MiB")
                                        .map(program -> " + " + program)
                                        .orElse("")
                                + median("memory", contender, size, "agent MiB")
                                        .map(agent -> "; agent " + agent)
                                        .orElse("")));
    }

    private void startUp() {
        page.say("""
                ## Start and rest

                Each name at an address of its own, which the agent probes: once a second, of more than 2,000 less often. *From what it has kept*: a
                copy of `state.dir` of the agent that runs, no maps and no registry, until all is published. *With `httpd.logs`*: another agent, two logs
                that nobody writes to, all else by default, some two minutes after its start, when probes should be 30 s apart. *Weights*: two backends to a
                name, so that each change changes a line of the maps. *Moves*: a backend comes at another address and is probed at once, the one before it says in
                the same transaction that it leaves, and its znode goes a second later.
                """);
        List<Integer> sizes = partSizes();
        if (!sizes.isEmpty()) {
            page.table(heads("Rollcall's own: median (least–most), or the only figure", sizes));
            part("agent: from nothing to all published, ms", "start-up", "agent", "from registry ms");
            part("agent: from what it has kept to all published, ms", "start-up", "agent", "from state.dir ms");
            part("agent: from `snapshot.json` alone to all published, ms", "start-up", "agent", "from snapshot ms");
            part("agent: resident, MiB", "resident MiB");
            part("agent: heap with garbage, MiB", "heap MiB");
            part("agent: heap in use, MiB", "heap in use MiB");
            part("agent: CPU when nothing happens, a probe a second each, % of a core", "idle % of a core");
            part("agent: the same with `httpd.logs` and nothing else set, once calm", "idle with logs % of a core");
            part("agent: the same without probes", "idle without probes % of a core");
            part("agent: CPU when each of 1,000 backends changes its weight once a second", "weights % of a core");
            part("agent: the same when each of 1,000 names moves to another backend", "moves % of a core");
            part("resolver: to its first answer, ms", "start-up", "resolver", "first answer ms");
            part("resolver: resident, MiB", "start-up", "resolver", "resident MiB");
            page.end();
        }
        new ProfileSection(figures, page).write();
        page.say("""
                Seconds from the start of each contender to its first good answer, once each; writing its names for the first time is part of it, but not
                for Rollcall, whose agent had published them before (above).
                """);
        bySize("start", "start s", (size, contender) -> median("start", contender, size, "start s"));
    }

    private void contenders() {
        page.say("""
                ## The contenders

                Each has its configuration in `apache/bench/contenders/`, the httpds what they share in `httpd-common.conf`. The backends are one nginx
                on all addresses of 127.0.0.0/8, and each of its answers says who gave it. Under load the names are at 100 of them, however many
                names there are: all contenders keep connections to so many, and 300 is what Rollcall declares to httpd. What the agent does by
                itself is measured with an address for each name.
                """);
        page.table(List.of("contender", "folder", "what to know"));
        report.contenders().forEach(one -> page.row(List.of(one.title(), "`" + one.name() + "`", one.remark())));
        page.end();
        List<String> notes = report.results().notes();
        if (!notes.isEmpty()) {
            page.say("What could not be measured, and why, and what failed:\n");
            page.say(String.join(
                    "\n",
                    notes.stream()
                            .distinct()
                            .map(note -> "- " + note.lines().findFirst().orElse(""))
                            .toList()));
        }
    }

    private void machine() {
        page.say("## Measured on");
        page.table(List.of("what", ""));
        report.machine()
                .forEach((fact, value) -> page.row(List.of(fact, fact.equals("command") ? "`" + value + "`" : value)));
        page.end();
        page.say("All figures: [results.json](results.json).");
    }

    private interface Cell {
        Optional<String> of(int size, Contender contender);
    }

    /** A table of contenders by numbers of names. */
    private void bySize(String scenario, String metric, Cell cell) {
        List<Integer> sizes = figures.sizes(scenario);
        page.table(heads("contender", sizes));
        for (Contender contender : report.contenders()) {
            if (sizes.stream()
                    .anyMatch(size -> median(scenario, contender, size, metric).isPresent())) {
                page.row(Page.cells(
                        contender.title(),
                        sizes.stream().map(size -> cell.of(size, contender).orElse("–"))));
            }
        }
        page.end();
    }

    private static List<String> heads(String first, List<Integer> sizes) {
        return Page.cells(first, sizes.stream().map(size -> String.format(Locale.ROOT, "%,d names", size)));
    }

    private void part(String title, String metric) {
        part(title, Rest.NAME, Rest.NAME, metric);
    }

    private void part(String title, String scenario, String part, String metric) {
        Stream<String> cells = partSizes().stream()
                .map(size -> figures.stats(scenario, part, size, 0, metric)
                        .map(Figures::spread)
                        .orElse("–"));
        page.row(Page.cells(title, cells));
    }

    private List<Integer> partSizes() {
        return Stream.of("start-up", Rest.NAME)
                .flatMap(scenario -> figures.sizes(scenario).stream())
                .distinct()
                .sorted()
                .toList();
    }

    private Optional<String> spread(String scenario, Contender contender, int size, String metric) {
        return figures.stats(scenario, contender.name(), size, 0, metric).map(Figures::spread);
    }

    private Optional<String> median(String scenario, Contender contender, int size, String metric) {
        return figures.stats(scenario, contender.name(), size, 0, metric).map(stats -> Figures.number(stats.median()));
    }
}
