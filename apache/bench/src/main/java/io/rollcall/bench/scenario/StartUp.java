package io.rollcall.bench.scenario;

import io.rollcall.bench.Processes;
import io.rollcall.bench.Threads;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How long agent and resolver take to start: the agent from nothing, and from what it has kept, without a registry. */
public final class StartUp implements Scenario {
    private static final int LOOKUPS = 200;
    private static final String NOWHERE = "127.0.0.1:1";

    @Override
    public String name() {
        return "start-up";
    }

    @Override
    public String about() {
        return "start of the agent (from the registry, from what it has kept) and of the resolver";
    }

    @Override
    public double seconds(Plan plan, int size) {
        return plan.starts() * each(size);
    }

    private static double each(int size) {
        return 3 + size / 3000.0;
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        if (arena.registry().isEmpty()) {
            return;
        }
        Optional<OneToOne> oneToOne = arena.oneToOne();
        Registry registry = oneToOne.isPresent()
                ? oneToOne.get().registry()
                : arena.registry().get();
        int size = arena.names().count();
        for (int start = 1; start <= arena.plan().starts(); start++) {
            progress.step("%,d names: starts of agent and resolver".formatted(size), each(size));
            Place empty = arena.place().inside("start-" + start);
            begin(arena, empty, registry.connect(), "from registry ms", results);
            Place all = arena.place().inside("state-" + start);
            copy(registry.state(), all.file("state"));
            begin(arena, all, NOWHERE, "from state.dir ms", results);
            Place alone = arena.place().inside("snapshot-" + start);
            copy(registry.state().resolve("snapshot.json"), alone.folder("state"));
            begin(arena, alone, NOWHERE, "from snapshot ms", results);
            resolver(arena, registry.maps(), arena.names().name(0), results);
        }
    }

    /** Starts an agent that has no maps, until all are published. */
    private void begin(Arena arena, Place place, String connect, String metric, Results results)
            throws InterruptedException {
        results.attempt("agent, %,d names, %s".formatted(arena.names().count(), metric), () -> {
            long begin = System.nanoTime();
            try (AgentProcess agent = AgentProcess.follow(place, connect)) {
                Registry.awaitPublished(agent.maps(), some(arena));
                results.add(arena.key(name(), "agent", 0, metric), millis(begin));
                Threads used = Threads.of(Processes.of(agent.pid()));
                Profile.add(used, 1000, name(), arena.names().count(), metric, results);
            }
        });
    }

    /** With owners, modes and links: a kept map is told from another by them. */
    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        if (new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                        .inheritIO()
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("cannot copy " + from + " to " + to);
        }
    }

    private void resolver(Arena arena, Path maps, String name, Results results) throws IOException {
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
            boolean answered = false;
            for (int lookup = 0; lookup < LOOKUPS; lookup++) {
                out.write("id" + lookup + " " + name + "\n");
                out.flush();
                String reply = in.readLine();
                if ("NULL".equals(reply) || ("id" + lookup + " NULL").equals(reply)) {
                    continue; // the maps have just changed: it leaves that one to httpd
                }
                if (reply == null || !reply.startsWith("id" + lookup + " 127.")) {
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
