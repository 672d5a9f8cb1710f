package io.rollcall.deploy.soak;

import io.rollcall.agent.admin.AdminClient;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Listener;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registrar.Backend;
import io.rollcall.registrar.Registrar;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableSet;

/** What the agent and the resolver cost beside an httpd: memory with 1,000 backends registered, and time to start. */
final class Footprint implements Run {
    private static final int SERVICES = 100;
    private static final int BACKENDS = 1000;
    private static final int LOOKUPS = 20_000;

    /** What was compiled, is; and the snapshot is written. */
    private static final Duration JUST_STARTED = Duration.ofSeconds(20);

    /** Probes are thirty seconds apart by then. */
    private static final Duration CALM = Duration.ofMinutes(3);

    @Override
    public String name() {
        return "footprint";
    }

    @Override
    public String about() {
        return "resident memory of agent and resolver with 1,000 backends registered, and how long both take to start";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int starts = ground.quick() ? 3 : 7;
        try (Listener listener = new Listener();
                Stage stage = ground.stage("first");
                Stage second = ground.stage("second")) {
            AgentProcess first = stage.startAgent(Map.of());
            report.figure(
                    "agent with ZooKeeper inside, empty: to its first publication", millis(first.started()), "ms");
            report.figure("agent with ZooKeeper inside, empty: resident", Cost.residentMebibytes(first.pid()), "MiB");
            try (Registrar registrar = Registrar.connect(first.zookeeper())) {
                for (int i = 0; i < BACKENDS; i++) {
                    registrar.register(Backend.of(service(i % SERVICES), listener.port())
                            .address(Listener.address(i))
                            .linger(Duration.ZERO)
                            .build());
                }
                awaitAll(first);
                agents(first, second, starts, report);
                Duration watched = Duration.ofSeconds(ground.quick() ? 20 : 120);
                atRest(first, second, Map.of("probe.interval", "1s"), JUST_STARTED, watched, report);
                atRest(first, second, Map.of("probe.interval", "off"), JUST_STARTED, watched, report);
                Path log = Files.createFile(second.place().file("requests.log"));
                Duration calm = ground.quick() ? JUST_STARTED : CALM;
                atRest(first, second, Map.of("httpd.logs", log.toString()), calm, watched, report);
                resolvers(second.place(), first.maps(), starts, report);
            }
        }
    }

    private static void agents(AgentProcess first, Stage second, int starts, Report report) throws IOException {
        report.figure(
                "agent with ZooKeeper inside, 1,000 backends: resident", Cost.residentMebibytes(first.pid()), "MiB");
        Samples all = new Samples();
        for (int i = 0; i < starts; i++) {
            long begin = System.nanoTime();
            try (AgentProcess agent = AgentProcess.follow(second.place().inside("agent-" + i), first.zookeeper())) {
                awaitAll(agent);
                all.addNanos(System.nanoTime() - begin);
            }
        }
        report.figure("agent alone: from nothing to 1,000 backends published, median", all.millis(0.5), "ms");
        report.figure("agent alone: the same, longest of " + starts, all.millis(1), "ms");
    }

    /** Left alone for a while, with one setting, and looked at after another while. */
    private static void atRest(
            AgentProcess first,
            Stage second,
            Map<String, String> setting,
            Duration before,
            Duration watched,
            Report report)
            throws Exception {
        String key = setting.keySet().iterator().next();
        boolean probed = !setting.containsValue("off");
        String of = "agent alone, 1,000 backends, "
                + (key.equals("httpd.logs") ? key + " set" : key + " " + setting.get(key)) + ", after "
                + before.toSeconds() + " s: ";
        Place place = second.place().inside("rest-" + key + "-" + probed);
        try (AgentProcess agent = AgentProcess.follow(place, first.zookeeper(), setting)) {
            awaitAll(agent);
            Waiting.pause(before);
            AdminClient admin = new AdminClient(agent.socket());
            long probes = probes(admin);
            Cost cost = Cost.of(agent.pid());
            Waiting.pause(watched);
            double used = cost.processorPercent();
            long resident = Cost.residentMebibytes(agent.pid());
            report.figure(of + "processor time", used, "% of one");
            report.figure(of + "probes", (probes(admin) - probes) / (double) watched.toSeconds(), "a second");
            report.figure(of + "resident", resident, "MiB");
            report.figure(of + "heap in use", Cost.heapMebibytes(agent.pid()), "MiB");
            report.expect(of + "resident below 128 MiB", resident < 128, resident);
            if (!probed) {
                report.expect(of + "below 0.5 % of a core", used < 0.5, used);
            }
        }
    }

    private static long probes(AdminClient admin) throws IOException {
        return admin.status().path("health").path("probes").asLong();
    }

    private static void resolvers(Place place, Path maps, int starts, Report report) throws IOException {
        Samples first = new Samples();
        long resident = 0;
        for (int i = 0; i < starts; i++) {
            long begin = System.nanoTime();
            Process resolver = new ProcessBuilder(
                            place.distribution().resolve("bin/rollcall").toString(),
                            "resolve",
                            "--maps",
                            maps.toString())
                    .redirectError(place.file("resolver.log").toFile())
                    .start();
            try (Writer out = new OutputStreamWriter(resolver.getOutputStream(), StandardCharsets.US_ASCII);
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(resolver.getInputStream(), StandardCharsets.US_ASCII))) {
                ask(out, in, 0);
                first.addNanos(System.nanoTime() - begin);
                for (int lookup = 1; i == starts - 1 && lookup < LOOKUPS; lookup++) {
                    ask(out, in, lookup);
                }
                resident = Cost.residentMebibytes(resolver.pid());
            } finally {
                resolver.destroyForcibly();
            }
        }
        report.figure("resolver: from its start to the first answer, median", first.millis(0.5), "ms");
        report.figure("resolver: the same, longest of " + starts, first.millis(1), "ms");
        report.figure("resolver, 1,000 backends, after 20,000 lookups: resident", resident, "MiB");
        report.expect("resolver: first answer within 200 ms", first.millis(0.5) < 200, first.millis(0.5));
    }

    private static void ask(Writer out, BufferedReader in, int number) throws IOException {
        String reply = "NULL";
        for (int tries = 0; "NULL".equals(reply) && tries < 100_000; tries++) { // the agent has just touched the map
            out.write("id" + number + " " + service(number % SERVICES) + "\n");
            out.flush();
            reply = in.readLine();
        }
        if (reply == null || !reply.startsWith("id" + number + " 127.0.")) {
            throw new IOException("the resolver said " + reply + " to id" + number);
        }
    }

    private static void awaitAll(AgentProcess agent) throws IOException {
        if (!Waiting.until(
                Duration.ofSeconds(60),
                () -> Maps.present(agent.maps()).values().stream()
                                .mapToInt(NavigableSet::size)
                                .sum()
                        == BACKENDS)) {
            throw new IOException("not all backends are in the map after 60 s: "
                    + Maps.present(agent.maps()).values().stream()
                            .mapToInt(NavigableSet::size)
                            .sum());
        }
    }

    private static String service(int number) {
        return "service-" + number + ".example.com";
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}
