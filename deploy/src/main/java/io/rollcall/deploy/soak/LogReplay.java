package io.rollcall.deploy.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.agent.admin.AdminClient;
import io.rollcall.apache.Httpd;
import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Child;
import io.rollcall.deploy.stage.Listener;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The request log of a busy site, written as fast as httpd would, and rotated meanwhile: what does the agent miss, and what does it cost. */
final class LogReplay implements Run {
    private static final String SHOP = "shop.example.com";
    private static final double LINES = 20_000;
    private static final int BACKENDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration NOTICED = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "log-replay";
    }

    @Override
    public String about() {
        return "20,000 log lines/s through all kinds of rotation: lines lost, how soon one is acted on, processor time of the agent";
    }

    private interface Opener {
        RotatedLog open(Path file) throws IOException;
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        Duration time = Duration.ofSeconds(ground.quick() ? 12 : 60);
        Duration every = Duration.ofSeconds(ground.quick() ? 3 : 10);
        Map<String, Opener> kinds = new TreeMap<>(Map.of(
                "renamed", RotatedLog::renamed,
                "copytruncate", RotatedLog::cut,
                "rotatelogs", file -> RotatedLog.piped(file, every)));
        for (Map.Entry<String, Opener> kind : kinds.entrySet()) {
            report.say(kind.getKey() + ":");
            try (Stage stage = ground.stage("log-" + kind.getKey())) {
                replay(stage, kind.getKey(), kind.getValue(), time, every, report);
            }
        }
        report.say("beside httpd, the agent stopped now and then:");
        try (Stage stage = ground.stage("log-stopped")) {
            beside(stage, ground.quick() ? 2 : 5, report);
        }
    }

    /** An agent that follows a log, with backends that are probed when that says so, and next to never otherwise. */
    private static final class Followed implements AutoCloseable {
        final AgentProcess agent;
        final AdminClient admin;
        final Registrar registrar;
        final Probed probed = new Probed();

        Followed(Stage stage, Path log) throws IOException {
            agent = stage.startAgent(Map.of("httpd.logs", log.toString(), "probe.interval", "1h"));
            admin = new AdminClient(agent.socket());
            registrar = Registrar.connect(agent.zookeeper());
            for (int i = 0; i <= BACKENDS; i++) {
                Enrolled.register(registrar, SHOP, "b-" + i, Listener.address(i), probed.port());
            }
            if (!Waiting.until(PATIENCE, () -> Maps.routes(agent.maps(), SHOP, address(BACKENDS)))) {
                throw new IOException("not all are in the map after " + PATIENCE);
            }
        }

        String address(int number) {
            return Listener.address(number) + ":" + probed.port();
        }

        List<String> addresses() {
            return List.of(address(0), address(1), address(2));
        }

        /** How many lines it has counted. */
        long counted() {
            try {
                long sum = 0;
                for (JsonNode service : admin.status().path("services")) {
                    for (JsonNode backend : service.path("backends")) {
                        sum += service.path("name").asText().equals(SHOP)
                                ? backend.path("traffic").path("tries").asLong()
                                : 0;
                    }
                }
                return sum;
            } catch (IOException e) {
                return -1; // it is asked again
            }
        }

        @Override
        public void close() throws IOException {
            registrar.close();
            probed.close();
        }
    }

    private static void replay(Stage stage, String name, Opener opener, Duration time, Duration every, Report report)
            throws Exception {
        Path file = stage.place().folder("log").resolve("requests.log");
        Samples noticed = new Samples();
        int unnoticed = 0;
        int rotations = 0;
        try (RotatedLog log = opener.open(file);
                Followed followed = new Followed(stage, file)) {
            Waiting.pause(Duration.ofSeconds(5)); // its own start
            Cost idle = Cost.of(followed.agent.pid());
            Waiting.pause(Duration.ofSeconds(5));
            double before = idle.processorPercent();
            Cost cost = Cost.of(followed.agent.pid());
            long begin = System.nanoTime();
            long written;
            double rate;
            LineWriter writer = LineWriter.start(LINES, SHOP, followed.addresses(), log);
            try (writer) {
                long rotated = begin;
                while (System.nanoTime() - begin < time.toNanos()) {
                    Waiting.pause(Duration.ofMillis(200));
                    long asked = System.nanoTime();
                    writer.refused(followed.address(BACKENDS));
                    long probe = followed.probed.next(asked, NOTICED);
                    if (probe > 0) {
                        noticed.addNanos(probe - asked);
                    } else {
                        unnoticed++;
                    }
                    boolean last = System.nanoTime() - begin > time.toNanos() - every.toNanos() / 2;
                    if (System.nanoTime() - rotated > every.toNanos() && !last) {
                        log.rotate();
                        rotated = System.nanoTime();
                        rotations++;
                    }
                }
                report.figure(name + ", processor time of the agent", cost.processorPercent(), "% of one");
                rate = writer.written() * 1e9 / (System.nanoTime() - begin);
            }
            written = writer.written();
            Waiting.until(Duration.ofSeconds(3), () -> followed.counted() == written);
            long lost = written - followed.counted();
            report.figure(name + ", the same before the first line", before, "% of one");
            report.figure(name + ", memory of the agent", Cost.residentMebibytes(followed.agent.pid()), "MiB");
            report.figure(name + ", written", written, "lines");
            report.figure(name + ", rate", rate, "lines/s");
            report.figure(name + ", rotated", rotations, "times");
            report.figure(name + ", lost", lost, "lines");
            report.times(name + ", from a connect failure's line to the probe it leads to", noticed);
            report.figure(name + ", connect failures that led to no probe", unnoticed, "lines");
            report.times(name + ", longest write of each second", writer.longest());
            report.expect(name + ": at least 19,000 lines/s", rate >= 0.95 * LINES, rate);
            report.expect(
                    name
                            + (rotations > 0 && name.equals("copytruncate")
                                    ? ": lost at most what is written within 50 ms of each rotation"
                                    : ": none lost"),
                    lost >= 0 && lost <= (name.equals("copytruncate") ? rotations * LINES / 20 : 0),
                    lost);
            report.expect(name + ": each connect failure led to a probe", unnoticed == 0, unnoticed);
            report.expect(
                    name + ": a connect failure is acted on within 100 ms (p99)",
                    noticed.millis(0.99) < 100,
                    noticed.millis(0.99));
        }
    }

    /** Rounds with the agent running and stopped take turns, while httpd writes to that log, too. */
    private static void beside(Stage stage, int rounds, Report report) throws Exception {
        String site = "site.example.com";
        Path file = stage.place().folder("httpd").resolve("requests.log");
        Samples running = new Samples();
        Samples stopped = new Samples();
        Samples caughtUp = new Samples();
        try (Followed followed = new Followed(stage, file);
                Enrolled backend = Enrolled.start(followed.registrar, site, "s")) {
            Httpd httpd = stage.startLoggingHttpd(followed.agent, "httpd", Stage.Lookup.TEXT);
            Waiting.until(PATIENCE, () -> Maps.routes(followed.agent.maps(), site, backend.address()));
            long lost;
            long failed;
            try (RotatedLog log = RotatedLog.cut(file);
                    LineWriter writer = LineWriter.start(LINES, SHOP, followed.addresses(), log);
                    KeptLoad load = KeptLoad.start(200, httpd.port(), 40, site)) {
                Waiting.pause(Duration.ofSeconds(3));
                for (int round = 0; round < rounds; round++) {
                    running.add(p99(load, Duration.ofSeconds(5)));
                    Child.signal(followed.agent.pid(), "STOP");
                    try {
                        stopped.add(p99(load, Duration.ofSeconds(5)));
                    } finally {
                        Child.signal(followed.agent.pid(), "CONT");
                    }
                    long began = System.nanoTime();
                    long until = writer.written();
                    Waiting.until(PATIENCE, () -> followed.counted() >= until);
                    caughtUp.addNanos(System.nanoTime() - began);
                }
                writer.stop();
                Waiting.until(Duration.ofSeconds(3), () -> followed.counted() == writer.written());
                lost = writer.written() - followed.counted();
                failed = load.stop().failed();
                report.times("longest write of each second", writer.longest());
            }
            report.times("httpd: p99 of a round, the agent running", running);
            report.times("httpd: p99 of a round, the agent stopped for 5 s", stopped);
            report.times("the agent goes on: until it knows all that was written while it was stopped", caughtUp);
            report.figure("httpd: failed", failed, "requests");
            report.figure("lost", lost, "lines");
            report.expect("no request failed", failed == 0, failed);
            report.expect("no line lost while the agent was stopped", lost == 0, lost);
            double most = 2 * running.millis(1) - running.millis(0) + 2;
            report.expect(
                    "httpd is no slower while nobody reads the log", stopped.millis(0.5) <= most, stopped.millis(0.5));
        }
    }

    private static double p99(KeptLoad load, Duration time) {
        long begin = System.nanoTime();
        Waiting.pause(time);
        return KeptLoad.times(load.since(begin), Exchange::good).quantile(0.99);
    }
}
