package io.rollcall.bench.scenario;

import io.rollcall.bench.Processes;
import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.report.Results;
import java.time.Duration;
import java.util.Map;

/** Somebody asks for names that nobody has, each another one, as fast as he can: what that does to the memory of Rollcall's httpds. */
public final class Strangers implements Scenario {
    public static final String NAME = "strangers";

    private static final int SIZE = 1_000;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String about() {
        return "memory of httpd while somebody asks for ever new names that nobody has";
    }

    @Override
    public double seconds(Plan plan, int size) {
        return size == SIZE
                ? 1.0
                        * time(plan).toSeconds()
                        * plan.contenders().stream()
                                .filter(Strangers::takesPart)
                                .count()
                : 0;
    }

    private static boolean takesPart(Contender contender) {
        return contender.isRollcall() && !contender.name().endsWith("-generic");
    }

    /** In two halves, each longer than {@code touch.every}: the second is to take nothing beyond the first. */
    private static Duration time(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 24 : 40);
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        if (arena.names().count() != SIZE) {
            return;
        }
        for (Map.Entry<Contender, Server> entry : arena.servers().entrySet()) {
            Contender contender = entry.getKey();
            if (!takesPart(contender)) {
                continue;
            }
            Duration time = time(arena.plan());
            progress.step("ever new names: " + contender.name(), (double) time.toSeconds());
            results.attempt(contender.name() + ", ever new names", () -> {
                Processes all = entry.getValue().processes();
                results.add(arena.key(NAME, contender.name(), 0, "before MiB"), all.residentMib());
                long names = arena.wrk().strangers(entry.getValue().port(), time.dividedBy(2));
                results.add(arena.key(NAME, contender.name(), 0, "half MiB"), all.residentMib());
                names += arena.wrk().strangers(entry.getValue().port(), time.dividedBy(2));
                results.add(arena.key(NAME, contender.name(), 0, "names"), (double) names);
                results.add(arena.key(NAME, contender.name(), 0, "after MiB"), all.residentMib());
                arena.registry()
                        .ifPresent(registry -> results.add(
                                arena.key(NAME, contender.name(), 0, "agent MiB"),
                                registry.agent().rssMib()));
            });
        }
    }
}
