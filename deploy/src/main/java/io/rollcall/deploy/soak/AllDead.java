package io.rollcall.deploy.soak;

import io.rollcall.apache.HttpMessage;
import io.rollcall.apache.Httpd;
import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.apache.Ports;
import io.rollcall.apache.RawHttp;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All backends of a service are dead while they are registered: what is a client told, and how soon is the first one back used. */
final class AllDead implements Run {
    private static final String SHOP = "shop.example.com";
    private static final double RATE = 500;
    private static final int BACKENDS = 3;
    private static final Duration DEAD = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "all-dead";
    }

    @Override
    public String about() {
        return "all backends dead while registered, 500 requests/s: how soon is a 503 with Retry-After there, and the first one back";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        ground.eachLookup(name(), report, (stage, lookup) -> dead(stage, lookup, ground.quick() ? 4 : 10, report));
    }

    /** What was seen in all rounds. */
    private static final class Findings {
        /** Connections to the dead, made here: what httpd's own attempts take. */
        final Samples raw = new Samples();

        final Samples refused = new Samples();
        final Samples back = new Samples();
        final List<String> odd = new ArrayList<>();
        int asked;
        long cutOff;
    }

    private static void dead(Stage stage, Stage.Lookup lookup, int rounds, Report report) throws Exception {
        AgentProcess agent = stage.startAgent(Map.of(
                "httpd.logs",
                stage.place().folder("httpd").resolve("requests.log").toString(),
                "slow.start",
                "1s",
                "eject.longest",
                "5s")); // the others are back sooner, for the next round
        Httpd httpd = stage.startLoggingHttpd(agent, "httpd", lookup);
        Findings findings = new Findings();
        List<Enrolled> backends = new ArrayList<>();
        try (Registrar registrar = Registrar.connect(agent.zookeeper())) {
            for (int i = 0; i < BACKENDS; i++) {
                backends.add(Enrolled.startTraceless(registrar, SHOP, "b-" + i));
            }
            awaitAll(agent, backends);
            try (KeptLoad load = KeptLoad.start(RATE, httpd.port(), 100, SHOP)) {
                for (int round = 0; round < rounds; round++) {
                    Waiting.pause(Duration.ofSeconds(2));
                    round(httpd, backends, round % BACKENDS, load, findings);
                    awaitAll(agent, backends);
                }
            }
            for (Enrolled backend : backends) {
                backend.close();
            }
        }
        tell(lookup.word(), rounds, findings, report);
    }

    private static void round(Httpd httpd, List<Enrolled> backends, int first, KeptLoad load, Findings findings)
            throws IOException {
        long begin = System.nanoTime();
        for (Enrolled backend : backends) {
            backend.down();
        }
        long dead = System.nanoTime();
        while (System.nanoTime() - dead < DEAD.toNanos()) {
            for (Enrolled backend : backends) {
                findings.raw.addNanos(refusal(backend));
            }
            HttpMessage answer = RawHttp.get(httpd.port(), SHOP, "/");
            findings.asked++;
            if (answer.status() != 503 || answer.header("Retry-After").isEmpty()) {
                findings.odd.add((System.nanoTime() - dead) / 1_000_000 + " ms: " + answer.start() + ", "
                        + answer.header("X-Backend").orElse("of httpd"));
            }
            Waiting.pause(Duration.ofMillis(20));
        }
        backends.get(first).up();
        long up = System.nanoTime();
        Waiting.pause(Duration.ofSeconds(1));
        List<Exchange> after = load.since(up);
        findings.back.addNanos(after.stream()
                .filter(exchange -> !exchange.good())
                .mapToLong(exchange -> exchange.askedNanos() - up)
                .max()
                .orElse(0));
        for (Enrolled backend : backends) {
            if (backend != backends.get(first)) {
                backend.up();
            }
        }
        // Those that were asked while the ports closed may have been cut off.
        List<Exchange> meanwhile = load.since(dead).stream()
                .filter(exchange -> exchange.endedNanos() - up < 0)
                .toList();
        meanwhile.stream()
                .filter(exchange -> exchange.status() == 503)
                .forEach(exchange -> findings.refused.addNanos(exchange.endedNanos() - exchange.askedNanos()));
        meanwhile.stream()
                .filter(exchange -> exchange.status() != 503)
                .forEach(exchange -> findings.odd.add(exchange.ask().method() + ": " + exchange.status() + " "
                        + exchange.backend() + " " + exchange.reason()));
        findings.cutOff += load.since(begin).stream()
                        .filter(exchange -> !exchange.good() && exchange.askedNanos() - dead < 0)
                        .count()
                + load.underWay(begin).stream()
                        .filter(exchange -> !exchange.good())
                        .count();
    }

    private static long refusal(Enrolled dead) throws IOException {
        long begin = System.nanoTime();
        try (Socket socket = new Socket(Ports.loopback(), dead.backend().port())) {
            throw new IOException(dead.address() + " is not dead: " + socket);
        } catch (ConnectException e) {
            return System.nanoTime() - begin;
        }
    }

    private static void awaitAll(AgentProcess agent, List<Enrolled> backends) throws IOException {
        if (!Waiting.until(
                PATIENCE,
                () -> backends.stream().allMatch(backend -> Maps.routes(agent.maps(), SHOP, backend.address())))) {
            throw new IOException("not all are in the map after " + PATIENCE);
        }
    }

    private static void tell(String name, int rounds, Findings findings, Report report) {
        report.figure(name + ", all killed", rounds, "times");
        report.figure(name + ", all dead: asked for Retry-After", findings.asked, "requests");
        report.figure(name + ", cut off when they were killed", findings.cutOff, "requests");
        report.times(name + ", all dead: answered 503", findings.refused);
        report.times(name + ", all dead: until a connection of our own is refused", findings.raw);
        report.figure(name + ", all dead: answered otherwise", findings.odd.size(), "requests");
        report.times(name + ", from the first one up to the last request that failed", findings.back);
        report.expect(name + ": all dead: 503 with Retry-After", findings.odd.isEmpty(), findings.odd);
        report.expect(
                name + ": all dead: 503 within 5 ms (p99)",
                findings.refused.millis(0.99) < 5,
                findings.refused.millis(0.99));
        report.expect(
                name + ": the first one up is alone with the requests within 100 ms (p99)",
                findings.back.millis(0.99) < 100,
                findings.back.millis(0.99));
    }
}
