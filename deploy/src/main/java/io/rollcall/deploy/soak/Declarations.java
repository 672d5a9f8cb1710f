package io.rollcall.deploy.soak;

import io.rollcall.apache.Httpd;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registrar.Backend;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many workers are worth declaring: httpd looks at all of them for each request, and makes a new connection for a request to a
 * backend without one. Requests a second to one backend, declared among more and more others, and not declared.
 */
final class Declarations implements Run {
    private static final String SERVICE = "shop.example.com";
    private static final List<Integer> OTHERS = List.of(0, 300, 1000, 3000);

    @Override
    public String name() {
        return "workers";
    }

    @Override
    public String about() {
        return "requests/s with a declared worker among up to 3,000 and with none: how many are worth declaring";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int rounds = ground.quick() ? 3 : 5;
        Duration time = Duration.ofSeconds(ground.quick() ? 2 : 6);
        Deque<Httpd> started = new ArrayDeque<>();
        try (Stage stage = ground.stage("workers");
                FastServer backend = FastServer.start()) {
            AgentProcess agent = stage.startAgent(Map.of());
            try (Registrar registrar = Registrar.connect(agent.zookeeper())) {
                registrar.register(Backend.of(SERVICE, backend.port())
                        .address("127.0.0.1")
                        .id("fast")
                        .build());
                awaitDeclared(agent, backend.port());
                Map<Integer, Httpd> declared = new LinkedHashMap<>();
                for (int others : OTHERS) {
                    started.push(httpd(stage, agent, "declared-" + others, "", others));
                    declared.put(others, started.peek());
                }
                started.push(httpd(stage, agent, "generic", "Define ROLLCALL_WORKERS /dev/null", 0));
                measure(declared, started.element(), rounds, time, report);
            } finally {
                for (Httpd httpd : started) {
                    httpd.close();
                }
            }
        }
    }

    private static Httpd httpd(Stage stage, AgentProcess agent, String name, String defined, int others)
            throws IOException {
        StringBuilder workers = new StringBuilder();
        for (int i = 0; i < others; i++) {
            workers.append("ProxyPass \"rollcall\" \"http://127.1.%d.%d:8080\" enablereuse=on smax=0 ttl=4\n"
                    .formatted(i / 250, 1 + i % 250));
        }
        Path folder = stage.place().folder(name);
        Path file = Files.writeString(folder.resolve("others.conf"), workers);
        return Httpd.in(folder)
                .conf(stage.place().distribution().resolve("apache"))
                .maps(agent.maps())
                .directives(
                        "StartServers 4\nMaxRequestWorkers 100\nMinSpareThreads 25\nMaxSpareThreads 100\n" + defined)
                .virtualHost("any.invalid", "Use Rollcall\nInclude \"" + file + "\"")
                .start();
    }

    private static void measure(Map<Integer, Httpd> declared, Httpd generic, int rounds, Duration time, Report report)
            throws IOException, InterruptedException {
        Map<Integer, Samples> rates = new LinkedHashMap<>();
        Samples none = new Samples();
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<Integer, Httpd> entry : declared.entrySet()) {
                double rate = Wrk.load(entry.getValue().port(), SERVICE, time);
                Samples all = rates.computeIfAbsent(entry.getKey(), key -> new Samples());
                if (round > 0) { // the first warms
                    all.add(rate);
                }
            }
            double rate = Wrk.load(generic.port(), SERVICE, time);
            if (round > 0) {
                none.add(rate);
            }
        }
        double[] micros = new double[OTHERS.size()];
        for (int i = 0; i < micros.length; i++) {
            double rate = rates.getOrDefault(OTHERS.get(i), none).quantile(0.5);
            micros[i] = 1e6 / rate;
            report.figure("declared among " + OTHERS.get(i) + " others, median", Math.round(rate), "requests/s");
        }
        report.figure("not declared, median", Math.round(none.quantile(0.5)), "requests/s");
        int last = micros.length - 1;
        double each = (micros[last] - micros[0]) / OTHERS.get(last);
        double connection = 1e6 / none.quantile(0.5) - micros[0];
        report.figure("of a request's time, by each worker", each * 1000, "ns");
        report.figure("of a request's time, by a new connection", connection, "us");
        report.figure("workers that cost as much as a new connection", Math.round(connection / each), "");
        report.expect("300 workers cost less than a new connection", 300 * each < connection, 300 * each);
    }

    private static void awaitDeclared(AgentProcess agent, int port) throws IOException {
        if (!Waiting.until(Duration.ofSeconds(20), () -> declared(agent.maps().resolve("workers.conf"), port))) {
            throw new IOException("the backend is not declared after 20 s");
        }
    }

    private static boolean declared(Path workers, int port) {
        try {
            return Files.readString(workers).contains("127.0.0.1:" + port + "\"");
        } catch (IOException e) {
            return false;
        }
    }
}
