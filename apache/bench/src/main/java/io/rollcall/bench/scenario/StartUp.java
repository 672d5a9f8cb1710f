package io.rollcall.bench.scenario;

import io.rollcall.bench.Processes;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.load.Churn;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How long agent and resolver take to start, and what the agent uses when nothing happens. */
public final class StartUp implements Scenario {
    /** So that what has just been done, and compiled for it, is over. */
    private static final long WARM_UP_MILLIS = 5000;

    private static final long IDLE_MILLIS = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int BUSY_SIZE = 1000;
    private static final int LOOKUPS = 200;

    @Override
    public String name() {
        return "start-up";
    }

    @Override
    public String about() {
        return "start of the agent (from the registry, from its snapshot) and of the resolver; CPU of the idle agent";
    }

    @Override
    public double seconds(Plan plan, int size) {
        return plan.starts() * (3 + size / 20_000.0) + (WARM_UP_MILLIS + IDLE_MILLIS) / 1000.0;
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        Optional<Registry> registry = arena.registry();
        if (registry.isEmpty()) {
            return;
        }
        int size = arena.names().count();
        progress.step("%,d names: agent at rest".formatted(size), (WARM_UP_MILLIS + IDLE_MILLIS) / 1000.0);
        Thread.sleep(WARM_UP_MILLIS);
        double before = registry.get().agent().cpuSeconds();
        Thread.sleep(IDLE_MILLIS);
        results.add(
                arena.key(name(), "agent", 0, "idle % of a core"),
                100 * (registry.get().agent().cpuSeconds() - before) / (IDLE_MILLIS / 1000.0));
        if (size == BUSY_SIZE) {
            busy(arena, registry.get(), results);
        }
        for (int start = 1; start <= arena.plan().starts(); start++) {
            progress.step("%,d names: starts of agent and resolver".formatted(size), 3 + size / 20_000.0);
            Place place = arena.place().inside("start-" + start);
            long begin = System.nanoTime();
            try (AgentProcess agent = AgentProcess.follow(place, registry.get().connect())) {
                awaitFound(agent.maps(), some(arena));
                results.add(arena.key(name(), "agent", 0, "from registry ms"), millis(begin));
            }
            if (Files.exists(place.file("state/snapshot.json"))) {
                fromDisk(arena, place, arena.place().inside("snapshot-" + start), "from snapshot ms", results);
                Place whole = arena.place().inside("state-" + start);
                copy(place.file("state/maps"), whole.folder("state/maps"));
                fromDisk(arena, place, whole, "from state.dir ms", results);
            }
            resolver(arena, registry.get().maps(), results);
        }
    }

    /** Each backend changes once a second. */
    private void busy(Arena arena, Registry registry, Results results) throws Exception {
        Churn churn = Churn.start(registry.tree(), arena.names(), BUSY_SIZE, BUSY_SIZE, 1);
        Thread.sleep(WARM_UP_MILLIS);
        double before = registry.agent().cpuSeconds();
        Thread.sleep(IDLE_MILLIS);
        double seconds = registry.agent().cpuSeconds() - before;
        Churn.Result result = churn.stop();
        if (result.perSecond() < 0.9 * BUSY_SIZE) {
            results.note(
                    "the agent was told of %.0f changes/s instead of %,d".formatted(result.perSecond(), BUSY_SIZE));
        }
        results.add(arena.key(name(), "agent", 0, "busy % of a core"), 100 * seconds / (IDLE_MILLIS / 1000.0));
    }

    /** With nothing to connect to, and no maps. */
    private void fromDisk(Arena arena, Place before, Place place, String what, Results results) throws IOException {
        Files.copy(
                before.file("state/snapshot.json"),
                place.folder("state").resolve("snapshot.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        long begin = System.nanoTime();
        try (AgentProcess agent = AgentProcess.follow(place, "127.0.0.1:1")) {
            awaitFound(agent.maps(), some(arena));
            results.add(arena.key(name(), "agent", 0, what), millis(begin));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /** As httpd would find them: to read all of the maps time and again would keep a core busy that the agent needs. */
    private static void awaitFound(Path maps, List<String> names) throws IOException {
        boolean found = Waiting.until(
                PATIENCE,
                () -> names.stream()
                        .allMatch(name -> Maps.lookUp(maps, name)
                                .filter(value -> !value.equals("-"))
                                .isPresent()));
        if (!found) {
            throw new IOException(names + " are not in " + maps + " after " + PATIENCE.toSeconds() + " s");
        }
    }

    private void resolver(Arena arena, Path maps, Results results) throws IOException {
        long begin = System.nanoTime();
        Process resolver = Processes.bounded(
                new ProcessBuilder(
                                arena.place()
                                        .distribution()
                                        .resolve("bin/rollcall")
                                        .toString(),
                                "resolve",
                                "--maps",
                                maps.toString())
                        .redirectError(arena.place().file("resolver.log").toFile())
                        .start(),
                Duration.ofMinutes(1));
        try (Writer out = resolver.outputWriter(StandardCharsets.US_ASCII);
                BufferedReader in = resolver.inputReader(StandardCharsets.US_ASCII)) {
            String name = arena.names().name(0);
            boolean answered = false;
            for (int lookup = 0; lookup < LOOKUPS; lookup++) {
                out.write("id" + lookup + " " + name + "\n");
                out.flush();
                String reply = in.readLine();
                if (("id" + lookup + " NULL").equals(reply)) {
                    continue; // the maps have just changed: it leaves that one to httpd
                }
                if (reply == null || !reply.startsWith("id" + lookup + " 127.0.2.")) {
                    throw new IOException("the resolver said " + reply + " when asked for " + name);
                }
                if (!answered) {
                    answered = true;
                    results.add(arena.key(name(), "resolver", 0, "first answer ms"), millis(begin));
                }
            }
            results.add(
                    arena.key(name(), "resolver", 0, "resident MiB"),
                    Processes.of(resolver.pid()).rssMib());
        } finally {
            resolver.destroyForcibly();
        }
    }

    /** The agent hands a first reading on whole, so that some stand for all. */
    private static List<String> some(Arena arena) {
        int last = arena.names().count() - 1;
        return Stream.of(last, last / 2, 0).map(arena.names()::name).toList();
    }

    private static double millis(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }
}
