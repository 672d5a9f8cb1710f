package io.rollcall.bench.scenario;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Contenders;
import io.rollcall.bench.contender.PrgMutex;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.contender.Setting;
import io.rollcall.bench.load.Asker;
import io.rollcall.bench.load.Steady;
import io.rollcall.bench.load.Wrk;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mutex around each question to a {@code prg:} map: how fast each kind is, and whether lookups go on when a child of httpd is
 * killed that holds it. Children are killed under load, all at once, so that whoever holds it is among them.
 */
public final class Mutexes implements Scenario {
    public static final String NAME = "prg-mutex";

    private static final Duration RECOVERS_WITHIN = Duration.ofSeconds(5);
    private static final double UNDER_LOAD = 3000;
    private static final int FULL_ROUNDS = 3;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String about() {
        return "the kinds of Mutex for prg: lookups/s, and whether they go on when its holder is killed";
    }

    @Override
    public double seconds(Plan plan, int size) {
        return takesPart(plan, size) ? PrgMutex.values().length * (kills(plan) * 2 + rounds(plan) * 2) : 0;
    }

    private static boolean takesPart(Plan plan, int size) {
        return size <= Arena.FEW && plan.contenders().contains(constant());
    }

    private static Contender constant() {
        return Contenders.named(PrgMutex.CONTENDER).orElseThrow();
    }

    private static int rounds(Plan plan) {
        return plan.quick() ? 1 : FULL_ROUNDS;
    }

    private static int kills(Plan plan) {
        return plan.quick() ? 3 : 6;
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        if (!takesPart(arena.plan(), arena.names().count())) {
            return;
        }
        Map<PrgMutex, Server> servers = new LinkedHashMap<>();
        try {
            for (PrgMutex mutex : PrgMutex.values()) {
                Setting setting = new Setting(arena.place().inside(mutex.word()), arena.names(), Optional.empty());
                results.attempt(mutex + " as Mutex", () -> servers.put(mutex, mutex.start(setting)));
            }
            rates(arena, servers, results, progress);
            deaths(arena, servers, results, progress);
        } finally {
            servers.values().forEach(Server::close);
        }
    }

    private void rates(Arena arena, Map<PrgMutex, Server> servers, Results results, Progress progress)
            throws Exception {
        for (int round = 0; round < rounds(arena.plan()); round++) {
            for (Map.Entry<PrgMutex, Server> entry : servers.entrySet()) {
                progress.step("Mutex " + entry.getKey().word() + ", lookups/s", 2);
                Wrk.Result result = arena.wrk()
                        .load(entry.getValue().port(), 1, arena.names().addresses(), true, Duration.ofSeconds(2));
                results.add(arena.key(NAME, entry.getKey().word(), 0, "requests/s"), result.perSecond());
                if (result.lost() > 0) {
                    results.note("Mutex %s: %,d of %,d requests were lost (%s)"
                            .formatted(entry.getKey().word(), result.lost(), result.answered(), result.reasons()));
                }
            }
        }
    }

    private void deaths(Arena arena, Map<PrgMutex, Server> servers, Results results, Progress progress)
            throws Exception {
        List<PrgMutex> hung = new ArrayList<>();
        for (int kill = 0; kill < kills(arena.plan()); kill++) {
            for (Map.Entry<PrgMutex, Server> entry : servers.entrySet()) {
                progress.step("Mutex " + entry.getKey().word() + ", its holder is killed", 2);
                if (!hung.contains(entry.getKey())) {
                    boolean goesOn = goesOn(arena, entry.getValue());
                    results.add(arena.key(NAME, entry.getKey().word(), 0, "went on"), goesOn ? 1 : 0);
                    if (!goesOn) {
                        hung.add(entry.getKey());
                    }
                }
            }
        }
    }

    private static boolean goesOn(Arena arena, Server server) throws Exception {
        List<Integer> numbers = arena.names().sample(100, 1, 1);
        Steady steady = Steady.start(server.port(), UNDER_LOAD, arena.names(), numbers, true);
        try (steady) {
            Thread.sleep(300);
            ProcessHandle.of(server.pid()).stream()
                    .flatMap(ProcessHandle::children)
                    .filter(child -> child.info().command().orElse("").endsWith("apache2"))
                    .forEach(ProcessHandle::destroyForcibly);
        }
        String name = arena.names().name(0);
        return Waiting.until(
                RECOVERS_WITHIN, () -> Asker.once(server.port(), name).isPresent());
    }
}
