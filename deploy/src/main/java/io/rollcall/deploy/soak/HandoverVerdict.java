package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Fronts;
import io.rollcall.deploy.stage.RequestLog;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What many handovers under load came to, and what was expected. */
record HandoverVerdict(
        Fronts.Evidence evidence,
        int wanted,
        List<Pass> passes,
        MixedLoad load,
        Trap trap,
        List<RequestLog.Entry> log) {

    void tell(Report report) {
        String name = evidence.word();
        handovers(name, report);
        tellLoad(name, load, log, report);
        long late = passes.stream().mapToLong(Pass::late).sum();
        report.figure(name + ", seen by a backend after it was declared quiet", late, "requests or connections");
        report.figure(name + ", came to a dead backend's port within 5 s", trap.caught(), "connections");
        report.expect(name + ": no backend saw anything after it was declared quiet", late == 0, late);
        report.expect(
                name + ": nobody came to the port of one that was killed",
                trap.caught() == 0 && trap.set() > 0,
                trap.caught() + " at " + trap.set());
    }

    private void handovers(String name, Report report) {
        List<Pass> done = passes.stream().filter(pass -> pass.answer().quiet()).toList();
        Samples times = new Samples();
        Samples last = new Samples();
        Map<String, Long> rest = new TreeMap<>();
        Map<String, Long> open = new TreeMap<>();
        for (Pass pass : done) {
            times.addNanos(pass.quietNanos() - pass.orderedNanos());
            last.addNanos(pass.lastRequestNanos());
            rest.merge(pass.answer().evidence(), 1L, Long::sum);
            pass.openAtOrder().keySet().forEach(path -> open.merge(path, 1L, Long::sum));
        }
        report.figure(name + ", handed over and killed", done.size(), "backends");
        report.figure(
                name + ", of those by the command",
                done.stream().filter(Pass::byCommand).count(),
                "backends");
        report.figure(
                name + ", asked again as ZooKeeper was not reached",
                passes.stream().mapToInt(pass -> pass.answer().again()).sum(),
                "times");
        rest.forEach((what, number) -> report.figure(name + ", resting on " + what, number, "handovers"));
        for (String path : Pass.longPaths()) {
            report.figure(
                    name + ", had " + path.substring(1) + " open when asked", open.getOrDefault(path, 0L), "handovers");
        }
        report.times(name + ", handover asked for to answer", times);
        report.figure(name + ", asked for to last request seen, p50", last.millis(0.5), "ms");
        done.stream()
                .max(Comparator.comparingLong(pass -> pass.quietNanos() - pass.orderedNanos()))
                .ifPresent(longest ->
                        report.say("  the longest: " + longest.answer().text()));
        report.expect(
                name + ": all handovers were told done",
                done.size() == wanted,
                passes.stream()
                        .filter(pass -> !pass.answer().quiet())
                        .map(pass -> pass.service() + ": " + pass.answer())
                        .toList());
    }

    /** What every run under this load expects of it. */
    static void tellLoad(String name, MixedLoad load, List<RequestLog.Entry> log, Report report) {
        load.good()
                .forEach((path, number) -> report.figure(name + ", answered and right, " + path, number, "requests"));
        long again = log.stream().filter(entry -> entry.attempt().equals("2")).count();
        long bad = log.stream()
                .filter(entry -> entry.status() != 200 && entry.status() != 101)
                .count();
        report.figure(name + ", answered and right", load.answered(), "requests");
        report.figure(name + ", failed", load.failures().size(), "requests");
        report.figure(name + ", rate", load.rate(), "requests/s");
        report.figure(name + ", other than 200 and 101 in httpd's logs", bad, "requests");
        report.figure(name + ", second tries", again, "requests");
        report.expect(
                name + ": no request failed",
                load.failures().isEmpty() && bad == 0,
                load.failures().stream().limit(10).toList() + " and " + bad + " in httpd's logs");
        report.expect(name + ": none needed a second try", again == 0, again);
        report.expect(name + ": at least 490 requests/s", load.rate() >= 490, load.rate());
    }
}
