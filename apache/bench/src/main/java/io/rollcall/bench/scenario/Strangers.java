package io.rollcall.bench.scenario;

import io.rollcall.bench.Processes;
import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.contender.Setting;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

/**
 * Somebody asks for names that nobody has, each another one, as fast as he can: what that does to the memory of Rollcall's httpds. Their
 * children forget such names when the maps' time advances, and use that memory again. So as many are asked after each advance: the
 * first time takes memory, the others are to take none beyond it. Here is one child: of several, chance decides which is asked how much,
 * and each keeps the memory of the most that it was ever asked.
 */
public final class Strangers implements Scenario {
    public static final String NAME = "strangers";

    private static final int SIZE = 1_000;
    private static final int NAMES = 60_000;

    /** The agent's default, and what is left of it when the last name of each time has been asked. */
    private static final Duration TOUCH_EVERY = Duration.ofSeconds(10);

    private static final Duration ROOM = Duration.ofSeconds(2);

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
                ? seconds(plan)
                        * plan.contenders().stream()
                                .filter(Strangers::takesPart)
                                .count()
                : 0;
    }

    private static double seconds(Plan plan) {
        return times(plan) * TOUCH_EVERY.toSeconds();
    }

    private static int times(Plan plan) {
        return plan.quick() ? 3 : 6;
    }

    private static boolean takesPart(Contender contender) {
        return contender.isRollcall() && !contender.name().endsWith("-generic");
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        if (arena.names().count() != SIZE) {
            return;
        }
        for (Contender contender : arena.servers().keySet()) {
            if (takesPart(contender)) {
                progress.step("ever new names: " + contender.name(), seconds(arena.plan()));
                results.attempt(contender.name() + ", ever new names", () -> measure(arena, contender, results));
            }
        }
    }

    private static void measure(Arena arena, Contender contender, Results results) throws Exception {
        Setting setting = new Setting(arena.place().inside("one-child"), arena.names(), arena.registry(contender), 1);
        Registry registry = arena.registry(contender).orElseThrow();
        try (Server server = contender.start(setting)) {
            arena.warm(server);
            Processes all = server.processes();
            results.add(arena.key(NAME, contender.name(), 0, "before MiB"), all.residentMib());
            long names = 0;
            for (int time = 1; time <= times(arena.plan()); time++) {
                awaitTouch(registry.maps().resolve("backends.map"));
                names += arena.wrk().strangers(server.port(), NAMES, TOUCH_EVERY.minus(ROOM));
                if (time == 1) {
                    results.add(arena.key(NAME, contender.name(), 0, "first MiB"), all.residentMib());
                }
            }
            results.add(arena.key(NAME, contender.name(), 0, "names"), (double) names);
            results.add(arena.key(NAME, contender.name(), 0, "after MiB"), all.residentMib());
            results.add(
                    arena.key(NAME, contender.name(), 0, "agent MiB"),
                    registry.agent().rssMib());
        }
    }

    /** If it does not come, memory grows, and that is to be seen. */
    private static void awaitTouch(Path map) throws IOException {
        FileTime before = Files.getLastModifiedTime(map);
        Waiting.until(TOUCH_EVERY.plus(ROOM), () -> {
            try {
                return !Files.getLastModifiedTime(map).equals(before);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
