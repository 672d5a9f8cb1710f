package io.rollcall.bench;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.report.Report;
import io.rollcall.bench.report.Results;
import io.rollcall.bench.scenario.Arena;
import io.rollcall.bench.scenario.ChangeCost;
import io.rollcall.bench.scenario.Departures;
import io.rollcall.bench.scenario.Instructions;
import io.rollcall.bench.scenario.JoinLeave;
import io.rollcall.bench.scenario.MapKinds;
import io.rollcall.bench.scenario.Memory;
import io.rollcall.bench.scenario.Mutexes;
import io.rollcall.bench.scenario.Plan;
import io.rollcall.bench.scenario.Progress;
import io.rollcall.bench.scenario.Rest;
import io.rollcall.bench.scenario.Routing;
import io.rollcall.bench.scenario.Scenario;
import io.rollcall.bench.scenario.SideBySide;
import io.rollcall.bench.scenario.StartUp;
import io.rollcall.bench.scenario.Strangers;
import io.rollcall.deploy.stage.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes through the scenarios at each number of names, and writes the report. The script {@code apache/bench/run} starts this. */
final class Bench {
    private static final List<Scenario> SCENARIOS = List.of(
            new SideBySide(),
            new Instructions(),
            new Routing(),
            new Memory(),
            new Departures(),
            new Strangers(),
            new ChangeCost(),
            new JoinLeave(),
            new Rest(),
            new StartUp(),
            new MapKinds(),
            new Mutexes());

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        try {
            Options options = Options.of(List.of(arguments));
            List<Scenario> scenarios = chosen(options);
            if (options.list()) {
                list();
            } else if (options.render().isPresent()) {
                Path results = options.render().get();
                Report.of(results).write(options.out().orElseGet(() -> results.resolveSibling("")));
            } else {
                run(options, scenarios);
            }
        } catch (IllegalArgumentException e) {
            System.err.println("run: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void list() {
        System.out.println("scenarios:");
        SCENARIOS.forEach(one -> System.out.printf("  %-26s %s%n", one.name(), one.about()));
        System.out.println("contenders:");
        Contenders.ALL.forEach(one -> System.out.printf("  %-26s %s%n", one.name(), one.title()));
    }

    private static void run(Options options, List<Scenario> scenarios) throws Exception {
        Place place = Place.given();
        Results results = new Results();
        List<Contender> contenders = contenders(options, results);
        Plan plan = plan(options, contenders, scenarios);
        System.out.printf(
                "%d rounds of %d s, %d side by side: planned to take some %.0f minutes%n",
                plan.rounds(), plan.load().toSeconds(), plan.pairs(), planned(plan, scenarios) / 60);
        Path out = options.out().orElse(place.top().resolve("docs/benchmarks/" + folder(options)));
        Report report = new Report(results, contenders, Machine.now(place, plan));
        long begin = System.nanoTime();
        Progress progress = new Progress(planned(plan, scenarios));
        for (int size : plan.sizes()) {
            progress.step("%,d names: starting %d contenders".formatted(size, contenders.size()), opening(plan, size));
            results.attempt("%,d names".formatted(size), () -> {
                try (Arena arena = Arena.open(plan, place.inside("size-" + size), size, results)) {
                    for (Scenario scenario : scenarios) {
                        scenario.run(arena, results, progress);
                    }
                }
            });
            report.took(Duration.ofNanos(System.nanoTime() - begin))
                    .write(out); // what there is so far: somebody may interrupt the rest
        }
        System.out.println("The report is in " + out.resolve("README.md"));
    }

    /** With as many and as long rounds as there is time for, if nothing is said of them; at least three. */
    private static Plan plan(Options options, List<Contender> contenders, List<Scenario> scenarios) {
        Plan least = plan(options, contenders, 3, 1);
        for (int seconds = 3; seconds >= 1; seconds--) {
            for (int rounds = 5; rounds >= 3; rounds--) {
                Plan plan = plan(options, contenders, rounds, seconds);
                if (planned(plan, scenarios) <= 60.0 * options.minutes()) {
                    return plan;
                }
            }
        }
        return least;
    }

    private static Plan plan(Options options, List<Contender> contenders, int rounds, int seconds) {
        int times = options.rounds().orElse(rounds);
        Duration load = Duration.ofSeconds(options.seconds().orElse(seconds));
        return options.quick()
                ? Plan.quick(contenders, options.sizes(), times, load)
                : Plan.full(contenders, options.sizes(), times, load);
    }

    private static double planned(Plan plan, List<Scenario> scenarios) {
        return plan.sizes().stream()
                .mapToDouble(size -> opening(plan, size)
                        + scenarios.stream()
                                .mapToDouble(one -> one.seconds(plan, size))
                                .sum())
                .sum();
    }

    private static double opening(Plan plan, int size) {
        return 5 + plan.contenders().size() * 1.5 + size / 2500.0;
    }

    private static String folder(Options options) {
        return options.whole() ? "latest" : options.quick() ? "quick" : "part";
    }

    private static List<Scenario> chosen(Options options) {
        for (String name : options.scenarios()) {
            if (SCENARIOS.stream().noneMatch(one -> one.name().equals(name))) {
                throw new IllegalArgumentException("--only " + name + " (expected: one of "
                        + SCENARIOS.stream().map(Scenario::name).toList() + ")");
            }
        }
        return SCENARIOS.stream()
                .filter(one ->
                        options.scenarios().isEmpty() || options.scenarios().contains(one.name()))
                .toList();
    }

    /** The reference and those that were asked for, as far as their programs are installed. */
    private static List<Contender> contenders(Options options, Results results) {
        for (String name : options.contenders()) {
            if (Contenders.named(name).isEmpty()) {
                throw new IllegalArgumentException("--contender " + name + " (expected: one of "
                        + Contenders.ALL.stream().map(Contender::name).toList() + ")");
            }
        }
        List<Contender> chosen = new ArrayList<>();
        for (Contender one : Contenders.ALL) {
            boolean asked = options.contenders().isEmpty()
                    || options.contenders().contains(one.name())
                    || one.name().equals(Contenders.REFERENCE);
            Optional<String> missing = one.missing();
            if (asked && missing.isPresent()) {
                results.note(one.name() + " does not take part: " + missing.get() + " is not installed");
            } else if (asked) {
                chosen.add(one);
            }
        }
        return chosen;
    }
}
