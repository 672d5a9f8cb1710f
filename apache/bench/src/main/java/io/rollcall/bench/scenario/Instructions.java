package io.rollcall.bench.scenario;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.contender.Counted;
import io.rollcall.bench.contender.PrgMutex;
import io.rollcall.bench.contender.Setting;
import io.rollcall.bench.report.Results;
import java.util.List;

/**
 * What httpd executes for a request: where the requests/s that a rule costs have gone. Counted, and therefore the same on a machine
 * that does something else.
 */
public final class Instructions implements Scenario {
    public static final String NAME = "instructions";

    /** As a contender: all names are asked and not one. */
    public static final String ALL = ", all names";

    private static final String MAPS = "rollcall-maps";
    private static final String RESOLVER = "rollcall-resolver";
    private static final int MANY = 100_000;
    private static final int ASKED = 1_000;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String about() {
        return "instructions and system calls of httpd for one request, counted by valgrind and strace";
    }

    private static List<String> contenders(int size) {
        return size <= Arena.FEW
                ? List.of(
                        Contenders.REFERENCE,
                        Contenders.RULE_ONLY,
                        MAPS,
                        "rollcall-hashed",
                        RESOLVER,
                        PrgMutex.CONTENDER)
                : size == MANY ? List.of(MAPS) : List.of();
    }

    @Override
    public double seconds(Plan plan, int size) {
        long counted = plan.contenders().stream()
                .filter(one -> contenders(size).contains(one.name()))
                .count();
        return counted * 10 * (size == MANY ? 2 : 1);
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        int size = arena.names().count();
        for (Contender one : arena.servers().keySet()) {
            if (contenders(size).contains(one.name())) {
                count(arena, one, 1, one.name(), results, progress);
            }
            if (contenders(size).contains(one.name()) && size == MANY) {
                count(arena, one, MANY, one.name() + ALL, results, progress);
            }
        }
    }

    private static void count(
            Arena arena, Contender contender, int asked, String subject, Results results, Progress progress)
            throws Exception {
        List<String> names = arena.names().sample(ASKED, asked, 1).stream()
                .map(arena.names()::name)
                .toList();
        Setting setting = new Setting(arena.place().inside(NAME), arena.names(), arena.registry(contender));
        for (Counted what : Counted.values()) {
            String step = "%,d names: %s of %s".formatted(arena.names().count(), what, subject);
            progress.step(step, 5);
            results.attempt(
                    step,
                    () -> what.perRequest(setting, contender.name(), names)
                            .forEach((metric, count) -> results.add(arena.key(NAME, subject, 0, metric), count)));
        }
    }
}
