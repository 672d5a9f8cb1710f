package io.rollcall.deploy.soak;

import io.rollcall.agent.admin.AdminClient;
import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.embedded.EmbeddedZooKeeper;
import io.rollcall.apache.Ports;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Listener;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** One agent with very many backends: how long it takes to know them, from the registry and from its snapshot, and what it uses. */
final class Scale implements Run {
    private static final int CHANGING = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String about() {
        return "100,000 names with a backend each, from 25 sessions: start from registry and snapshot, memory, cost at rest and of"
                + " 1,000 changes a second";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int size = ground.size().pick(100_000, 10_000, 2_000);
        Duration watched = Duration.ofSeconds(ground.size().pick(60, 20, 5));
        Place place = ground.place().inside("scale");
        int port = Ports.free();
        EmbeddedZooKeeper server =
                new EmbeddedZooKeeper(new AgentConfig.Embedded("127.0.0.1", port, place.file("zookeeper")));
        server.start(); // in this process: what the agent uses is the agent's alone
        try (Listener listener = new Listener();
                Crowd crowd = Crowd.connect("127.0.0.1:" + port, listener.port())) {
            long begin = System.nanoTime();
            crowd.register(size);
            report.figure(String.format("%,d backends registered in", size), (System.nanoTime() - begin) / 1e9, "s");
            followed(place, "127.0.0.1:" + port, size, watched, crowd, report);
            fromSnapshot(place, size, report);
            withoutProbes(place, "127.0.0.1:" + port, size, watched, report);
        } finally {
            server.close();
        }
    }

    private static void followed(Place place, String zookeeper, int size, Duration watched, Crowd crowd, Report report)
            throws Exception {
        long begin = System.nanoTime();
        try (AgentProcess agent = AgentProcess.follow(place.inside("agent"), zookeeper)) {
            await("all are published", () -> published(agent.maps(), size));
            double full = (System.nanoTime() - begin) / 1e9;
            report.figure("from the registry to all in the maps", full, "s");
            report.expect("from the registry to all in the maps: at most 30 s", full <= 30, full);
            Path snapshot = place.file("agent/state/snapshot.json");
            await("the snapshot is written", () -> Files.exists(snapshot));
            Waiting.pause(Duration.ofSeconds(15));
            atRest("with probes", agent, watched, report);
            AdminClient admin = new AdminClient(agent.socket());
            report.figure("with probes, at rest: probes", rate(admin, watched), "a second");

            Samples times = new Samples();
            Cost cost = Cost.of(agent.pid());
            crowd.changeEachSecond(CHANGING, (int) watched.toSeconds(), times);
            double used = cost.processorPercent();
            report.figure("1,000 backends changing once a second: processor time", used, "% of one");
            report.figure(
                    "1,000 backends changing once a second: to make one round of changes, p50",
                    times.millis(0.5),
                    "ms");
            report.expect("1,000 backends changing once a second: below half a core", used < 50, used);
            report.figure("after that: resident", Cost.residentMebibytes(agent.pid()), "MiB");
            changeToMap(agent, crowd, report);
        }
    }

    private static void atRest(String how, AgentProcess agent, Duration watched, Report report) throws Exception {
        Cost cost = Cost.of(agent.pid());
        Waiting.pause(watched);
        report.figure(how + ", at rest: processor time", cost.processorPercent(), "% of one");
        report.figure(how + ", at rest: resident", Cost.residentMebibytes(agent.pid()), "MiB");
        double heap = Cost.heapMebibytes(agent.pid());
        report.figure(how + ", at rest: heap in use", heap, "MiB");
        report.expect(how + ": heap at most 512 MiB", heap <= 512, heap);
    }

    private static double rate(AdminClient admin, Duration watched) throws IOException, InterruptedException {
        long before = probes(admin);
        long begin = System.nanoTime();
        Thread.sleep(watched.toMillis());
        return (probes(admin) - before) / ((System.nanoTime() - begin) / 1e9);
    }

    private static long probes(AdminClient admin) throws IOException {
        return admin.status().path("health").path("probes").asLong();
    }

    /** A change of one, with nothing else going on: until httpd can read it. */
    private static void changeToMap(AgentProcess agent, Crowd crowd, Report report) throws Exception {
        Samples times = new Samples();
        for (int i = 0; i < 50; i++) {
            String name = Crowd.name(i);
            long begin = System.nanoTime();
            crowd.leave(i);
            await(name + " is without a backend", () -> text(agent.maps()).contains("\n" + name + " -\n"));
            times.addNanos(System.nanoTime() - begin);
            Waiting.pause(Duration.ofMillis(150));
        }
        report.times("one that leaves: from the call to the map", times);
    }

    /** No registry is there, and no maps. */
    private static void fromSnapshot(Place place, int size, Report report) throws Exception {
        Place next = place.inside("again");
        Path state = place.file("agent/state");
        copy(state.resolve("maps"), next.folder("state/maps"));
        Files.copy(state.resolve("snapshot.json"), next.file("state/snapshot.json"));
        double kept = toFirstAnswer(next, size);
        report.figure("without registry and maps, with what state.dir has, to the first answer", kept, "s");
        report.expect("without registry and maps to the first answer: at most 1 s", kept <= 1, kept);
        report.figure("the same with the maps of before, which stand", toFirstAnswer(next, size), "s");

        Place bare = place.inside("bare");
        Files.copy(state.resolve("snapshot.json"), bare.folder("state").resolve("snapshot.json"));
        report.figure("the same with nothing but snapshot.json", toFirstAnswer(bare, size), "s");
    }

    private static double toFirstAnswer(Place place, int size) throws Exception {
        long begin = System.nanoTime();
        try (AgentProcess agent = AgentProcess.follow(place, "127.0.0.1:1")) {
            await("names of before are published", () -> has(agent.maps(), size - 1));
            return (System.nanoTime() - begin) / 1e9;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void withoutProbes(Place place, String zookeeper, int size, Duration watched, Report report)
            throws Exception {
        long begin = System.nanoTime();
        try (AgentProcess agent =
                AgentProcess.follow(place.inside("unprobed"), zookeeper, Map.of("probe.interval", "off"))) {
            await("all are published", () -> has(agent.maps(), size - 1));
            report.figure("without probes, from the registry to the maps", (System.nanoTime() - begin) / 1e9, "s");
            Waiting.pause(Duration.ofSeconds(15));
            atRest("without probes", agent, watched, report);
        }
    }

    private static boolean published(Path maps, int size) {
        return has(maps, 0)
                && has(maps, size - 1)
                && Maps.present(maps).values().stream()
                                .filter(addresses -> !addresses.isEmpty())
                                .count()
                        == size;
    }

    private static boolean has(Path maps, int number) {
        return Maps.lookUp(maps, Crowd.name(number))
                .filter(value -> !value.equals("-"))
                .isPresent();
    }

    private static String text(Path maps) {
        try {
            return Files.readString(maps.resolve("backends.map"));
        } catch (IOException e) {
            return "";
        }
    }

    private static void await(String what, BooleanSupplier holds) throws IOException {
        if (!Waiting.until(PATIENCE, holds)) {
            throw new IOException("not so after " + PATIENCE.toSeconds() + " s: " + what);
        }
    }
}
