package io.rollcall.deploy.soak;

import io.rollcall.apache.Httpd;
import io.rollcall.apache.LoadClient;
import io.rollcall.apache.LoadClient.Ask;
import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.apache.LoadReport;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.BackendProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Backends are killed under load while their sessions last, so that only probes and traffic can tell: how long is the dead one sent
 * requests, and what does that cost. What httpd sent where is read from the log that the agent reads, too.
 */
final class Crash implements Run {
    private static final String SHOP = "shop.example.com";
    private static final double RATE = 500;
    private static final int BACKENDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double EXPECTED_MILLIS = 150;

    /** Of a line of the log of requests. */
    private static final int FIELDS = 13;

    /** Begin in microseconds since 1970, and both moments by {@link System#nanoTime}. */
    private record Kill(String address, long beginMicros, long begin, long gone) {
        boolean inFlight(Exchange exchange) {
            return exchange.askedNanos() - gone <= 0 && exchange.endedNanos() - begin >= 0;
        }
    }

    /** A try that could not be sent: when it ended, and where it should have gone. */
    private record Missed(String address, long endMicros) {}

    @Override
    public String name() {
        return "crash";
    }

    @Override
    public String about() {
        return "500 requests/s while 50 backends are killed within their sessions: how long the dead one is sent requests";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        ground.eachLookup(name(), report, (stage, lookup) -> crash(stage, lookup, ground.quick() ? 5 : 50, report));
    }

    private static void crash(Stage stage, Stage.Lookup lookup, int rounds, Report report)
            throws IOException, InterruptedException {
        Path log = stage.place().folder("httpd").resolve("requests.log");
        AgentProcess agent = stage.startAgent(Map.of(
                "session.timeout",
                "20s",
                "httpd.logs",
                log.resolveSibling("error.log") + "," + log,
                "slow.start",
                "1s"));
        Httpd httpd = stage.startLoggingHttpd(agent, "httpd", lookup);
        Deque<BackendProcess> backends = new ArrayDeque<>();
        for (int i = 0; i < BACKENDS; i++) {
            backends.add(routed(agent, stage.startBackend(agent, SHOP, "b-" + i)));
        }
        Queue<Exchange> failures = new ConcurrentLinkedQueue<>();
        List<Kill> kills = new ArrayList<>();
        LoadReport load;
        try (LoadClient client = LoadClient.atRate(RATE, httpd.port(), 40, asks(), exchange -> {
            if (!exchange.good()) {
                failures.add(exchange);
            }
        })) {
            for (int round = 0; round < rounds; round++) {
                backends.add(routed(agent, stage.startBackend(agent, SHOP, "b-" + (BACKENDS + round))));
                Waiting.pause(Duration.ofSeconds(1)); // its slow start
                kills.add(kill(agent, backends.remove()));
            }
            Waiting.pause(Duration.ofSeconds(1));
            load = client.stop();
        }
        tell(lookup.word(), load, kills, List.copyOf(failures), missed(log), report);
    }

    private static List<Ask> asks() {
        return List.of(
                Ask.of("GET", SHOP, "/cart?item=1"),
                Ask.of("POST", SHOP, "/orders").onItsOwn(),
                Ask.of("GET", SHOP, "/today"),
                Ask.of("POST", SHOP, "/orders").onItsOwn());
    }

    private static BackendProcess routed(AgentProcess agent, BackendProcess backend) throws IOException {
        backend.awaitRegistering();
        if (!Waiting.until(PATIENCE, () -> Maps.routes(agent.maps(), SHOP, backend.address()))) {
            throw new IOException(backend.id() + " is not in the map after " + PATIENCE);
        }
        return backend;
    }

    private static Kill kill(AgentProcess agent, BackendProcess victim) throws IOException, InterruptedException {
        String address = victim.address();
        long micros = System.currentTimeMillis() * 1000;
        long begin = System.nanoTime();
        victim.kill();
        long gone = System.nanoTime();
        if (!Waiting.until(PATIENCE, () -> !Maps.routes(agent.maps(), SHOP, address))) {
            throw new IOException(victim.id() + " is still in the map " + PATIENCE + " after SIGKILL");
        }
        return new Kill(address, micros, begin, gone);
    }

    /** Tries that met no connection, by the log of requests, which tells of the first and of the last one: where, status, port. */
    private static List<Missed> missed(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(" ")).flatMap(Crash::missed).toList();
        }
    }

    private static Stream<Missed> missed(String[] words) {
        Stream<Missed> tries = Stream.empty();
        for (int i = 0; i < 2 && words.length == FIELDS; i++) {
            if (words[4 + i].equals("503") && words[6 + i].equals("-")) {
                tries = Stream.concat(tries, Stream.of(new Missed(words[2 + i], Long.parseLong(words[11]))));
            }
        }
        return tries;
    }

    private static void tell(
            String name,
            LoadReport load,
            List<Kill> kills,
            List<Exchange> failures,
            List<Missed> missed,
            Report report) {
        Samples last = new Samples();
        for (Kill kill : kills) {
            long end = missed.stream()
                    .filter(each -> each.address().equals(kill.address()) && each.endMicros() >= kill.beginMicros())
                    .mapToLong(Missed::endMicros)
                    .max()
                    .orElse(kill.beginMicros());
            last.addNanos((end - kill.beginMicros()) * 1000);
        }
        List<Exchange> inFlight = failures.stream()
                .filter(failure -> kills.stream().anyMatch(kill -> kill.inFlight(failure)))
                .toList();
        List<Exchange> posts = failures.stream()
                .filter(failure -> !inFlight.contains(failure))
                .filter(failure -> failure.ask().method().equals("POST") && failure.status() == 503)
                .toList();
        long others = (long) failures.size() - inFlight.size() - posts.size();
        report.figure(name + ", killed", kills.size(), "backends");
        report.figure(name + ", answered and right", load.ok(), "requests");
        report.figure(name + ", in flight on a killed process and failed", inFlight.size(), "requests");
        report.figure(name + ", POSTs answered 503, for each kill", (double) posts.size() / kills.size(), "requests");
        report.figure(name + ", failed otherwise", others, "requests");
        report.figure(name + ", from the kill to the last request sent to the dead one, p50", last.millis(0.5), "ms");
        report.figure(name + ", the same, p99", last.millis(0.99), "ms");
        report.expect(name + ": no GET failed but those in flight", others == 0, others);
        report.expect(name + ": the kills landed: requests met the dead one", !missed.isEmpty(), missed.size());
        report.expect(
                name + ": the last request within 150 ms (p99)",
                last.millis(0.99) < EXPECTED_MILLIS,
                last.millis(0.99));
        report.expect(name + ": at least 400 requests/s", load.rate() >= 400, load.rate());
    }
}
