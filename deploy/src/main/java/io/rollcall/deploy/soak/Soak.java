package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Runs one of the long runs by its name. The script {@code deploy/soak} starts this. */
final class Soak {
    private static final List<Run> RUNS = List.of(
            new Churn(),
            new JoinLeave(),
            new Rates(),
            new Declarations(),
            new Footprint(),
            new Changes(),
            new Scale(),
            new Crash(),
            new Probes(),
            new AllDead(),
            new Sick(),
            new Flapping(),
            new LogReplay(),
            new Handovers(),
            new Partition(),
            new Rolling(),
            new DrainTimes());

    private Soak() {}

    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        if (words.contains("--list")) {
            RUNS.forEach(run -> System.out.printf("%-12s %s%n", run.name(), run.about()));
            return;
        }
        Ground.Size size = words.contains("--quick") ? Ground.Size.QUICK : Ground.Size.FULL;
        if (words.contains("--test")) { // HandoverIT
            size = Ground.Size.TEST;
        }
        List<Stage.Lookup> lookups = lookups(words);
        List<String> names =
                words.stream().filter(word -> !word.startsWith("--")).toList();
        Optional<Run> run =
                RUNS.stream().filter(one -> List.of(one.name()).equals(names)).findFirst();
        if (run.isEmpty()) {
            System.err.println("soak: " + String.join(" ", names) + " (expected: one of "
                    + String.join(", ", RUNS.stream().map(Run::name).toList()) + ")");
            System.exit(2);
            return;
        }
        System.exit(play(run.get(), new Ground(Place.given(), size, lookups)) ? 0 : 1);
    }

    /** Those of {@code --lookup=NAME}; without it all. */
    private static List<Stage.Lookup> lookups(List<String> words) {
        List<Stage.Lookup> all = List.of(Stage.Lookup.values());
        List<Stage.Lookup> wanted = all.stream()
                .filter(lookup -> words.contains("--lookup=" + lookup.word()))
                .toList();
        return wanted.isEmpty() ? all : wanted;
    }

    private static boolean play(Run run, Ground ground) throws IOException {
        Report report = new Report(run.name(), ground.quick());
        try {
            run.run(ground, report);
        } catch (Exception e) {
            e.printStackTrace();
            report.expect("it could be done", false, e.toString());
        }
        Path file = ground.place()
                .top()
                .resolve("deploy/target/soak/" + run.name() + (ground.size() == Ground.Size.TEST ? "-test" : "")
                        + ".json");
        report.write(file);
        System.out.println((report.fine() ? "OK" : "FALLS SHORT") + ", written to " + file);
        return report.fine();
    }
}
