package io.rollcall.deploy.soak;

import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.deploy.soak.SickRoom.Course;
import io.rollcall.deploy.stage.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One of three backends is registered and sick: it hangs, its packets get lost, it answers errors, it resets connections. When is it
 * taken out, what does that cost, and when is it back. Each illness is first shown to hurt while nobody looks.
 */
final class Sick implements Run {
    private static final Map<String, String> BLIND = Map.of("probe.interval", "off");
    private static final Map<String, String> BY_REQUEST = Map.of("probe.http", SickRoom.SHOP + "=/health");

    @Override
    public String name() {
        return "sick";
    }

    @Override
    public String about() {
        return "500 requests/s while one backend of three hangs, loses packets, answers 503 or resets: ejection, losses, return";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        boolean first = true;
        for (Stage.Lookup lookup : ground.lookups()) {
            Size size = new Size(ground.quick());
            if (first) {
                bites(ground, lookup, size, report);
                first = false;
            }
            illnesses(ground, lookup, size, report);
        }
    }

    private record Size(boolean quick) {
        Duration stopped() {
            return Duration.ofSeconds(quick ? 10 : 30);
        }

        Duration errors() {
            return Duration.ofSeconds(quick ? 8 : 20);
        }

        Duration shortly() {
            return Duration.ofSeconds(quick ? 4 : 6);
        }
    }

    /** Nothing that is shown below would be worth anything if it were so without health, too. */
    private static void bites(Ground ground, Stage.Lookup lookup, Size size, Report report) throws Exception {
        report.say("while nobody looks (" + lookup.word() + "):");
        for (Malady malady : List.of(Malady.BLACK_HOLE, Malady.ERRORS, Malady.RESETS)) {
            String name = "blind, " + malady.word();
            Course course = part(ground, name, lookup, BLIND, false, malady, size.shortly());
            tell(name, course, report);
            report.expect(name + ": not ejected", course.ejected().isEmpty(), course.ejections());
            long lost = KeptLoad.failed(course.shop(), "GET") + KeptLoad.failed(course.shop(), "POST");
            report.expect(name + ": it hurts", lost > 20, lost);
        }
        report.say("stopped, probed by connecting only (" + lookup.word() + "):");
        Course course = part(ground, "tcp, stopped", lookup, Map.of(), true, Malady.STOPPED, size.stopped());
        tell("tcp, stopped", course, report);
        long others = course.other().stream().filter(SickRoom::hurt).count();
        report.expect("tcp, stopped: it hurts the other service, too", others > 20, others);
        report.say("black hole with declared workers, which keep connections (" + lookup.word() + "):");
        Course kept =
                part(ground, "declared, black hole", lookup, Map.of(), true, Malady.DECLARED_BLACK_HOLE, size.errors());
        tell("declared, black hole", kept, report);
        report.expect("declared, black hole: ejected", kept.ejected().isPresent(), kept.ejections());
    }

    private static void illnesses(Ground ground, Stage.Lookup lookup, Size size, Report report) throws Exception {
        report.say(lookup.word() + ":");
        String word = lookup.word();
        Course stopped = part(ground, word + ", stopped", lookup, BY_REQUEST, true, Malady.STOPPED, size.stopped());
        tell(word + ", stopped", stopped, report);
        expectCure(word + ", stopped", stopped, 2.5, 2, report);
        Course hole = part(ground, word + ", black hole", lookup, Map.of(), true, Malady.BLACK_HOLE, size.errors());
        tell(word + ", black hole", hole, report);
        expectCure(word + ", black hole", hole, 2.5, 2, report);
        double longest = KeptLoad.times(hole.shop(), exchange -> true).millis(1);
        report.expect(word + ", black hole: no request took longer than 1.5 s", longest < 1500, longest);
        for (Malady malady : List.of(Malady.ERRORS, Malady.RESETS)) {
            String name = word + ", " + malady.word();
            Course course = part(ground, name, lookup, Map.of(), true, malady, size.errors());
            tell(name, course, report);
            expectCure(name, course, 1, 31, report);
        }
    }

    private static void expectCure(String name, Course course, double ejected, double returned, Report report) {
        report.expect(
                name + ": ejected within " + ejected + " s",
                course.ejected().isPresent()
                        && seconds(course.begin(), course.ejected().getAsLong()) < ejected,
                course.ejected());
        report.expect(
                name + ": back within " + returned + " s",
                course.returned().isPresent()
                        && seconds(course.end(), course.returned().getAsLong()) < returned,
                course.returned());
        long others = KeptLoad.failed(course.other(), "GET") + KeptLoad.failed(course.other(), "POST");
        report.expect(name + ": the other service lost nothing", others == 0, others);
    }

    private static void tell(String name, Course course, Report report) {
        if (course.ejected().isPresent()) {
            report.figure(
                    name + ", ejected after",
                    seconds(course.begin(), course.ejected().getAsLong()),
                    "s");
        }
        report.figure(name + ", ejected", course.ejections(), "times");
        if (course.returned().isPresent()) {
            report.figure(
                    name + ", back after",
                    seconds(course.end(), course.returned().getAsLong()),
                    "s");
        }
        report.figure(
                name + ", answered and right",
                course.shop().stream().filter(Exchange::good).count(),
                "requests");
        report.figure(name + ", GETs lost", KeptLoad.failed(course.shop(), "GET"), "requests");
        report.figure(name + ", POSTs lost", KeptLoad.failed(course.shop(), "POST"), "requests");
        report.figure(name + ", under way when it began: lost or longer than 1.5 s", course.cutOff(), "requests");
        report.figure(
                name + ", longer than 1.5 s, lost or not",
                course.shop().stream().filter(SickRoom::slow).count(),
                "requests");
        report.figure(
                name + ", longest",
                KeptLoad.times(course.shop(), exchange -> true).millis(1),
                "ms");
        report.figure(
                name + ", the other service: lost",
                KeptLoad.failed(course.other(), "GET") + KeptLoad.failed(course.other(), "POST"),
                "requests");
        report.figure(
                name + ", the other service: longer than 1.5 s",
                course.other().stream().filter(SickRoom::slow).count(),
                "requests");
        report.figure(
                name + ", the other service: p99",
                KeptLoad.times(course.other(), Exchange::good).millis(0.99),
                "ms");
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    private static Course part(
            Ground ground,
            String name,
            Stage.Lookup lookup,
            Map<String, String> settings,
            boolean logged,
            Malady malady,
            Duration time)
            throws Exception {
        try (Stage stage = ground.stage(name.replace(", ", "-").replace(' ', '-'));
                SickRoom room = SickRoom.open(stage, lookup, settings, logged)) {
            return malady.befall(room, time);
        }
    }
}
