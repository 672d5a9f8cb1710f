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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Constant load while backend processes are killed: until the session ends the map still names the dead one, and the second try has
 * to cover GET and HEAD. A POST is not sent twice: it is answered 503 at once, and counted apart.
 */
final class Kills implements Run {
    private static final String SHOP = "shop.example.com";
    private static final double RATE = 600;
    private static final int BACKENDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** From just before the signal to when its sockets were closed, and to when the map no longer named it. */
    private record Kill(long begin, long gone, long dropped) {
        boolean inFlight(Exchange exchange) {
            return exchange.askedNanos() - gone <= 0 && exchange.endedNanos() - begin >= 0;
        }

        /** The map may have been read just before it was replaced. */
        boolean refusedPost(Exchange exchange) {
            return exchange.ask().method().equals("POST")
                    && exchange.status() == 503
                    && exchange.endedNanos() - begin >= 0
                    && exchange.askedNanos() - dropped <= Duration.ofSeconds(1).toNanos();
        }
    }

    @Override
    public String name() {
        return "kill";
    }

    @Override
    public String about() {
        return "600 requests/s while backends are killed with SIGKILL, text map and resolver: 0 failed GET and HEAD but those in flight";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        ground.eachLookup(name(), report, (stage, lookup) -> kills(stage, lookup, ground.quick() ? 2 : 10, report));
    }

    private static void kills(Stage stage, Stage.Lookup lookup, int rounds, Report report)
            throws IOException, InterruptedException {
        AgentProcess agent = stage.startAgent(Map.of());
        Httpd httpd = stage.startHttpd(agent, "httpd", lookup, OptionalInt.empty());
        Deque<BackendProcess> backends = new ArrayDeque<>();
        for (int i = 0; i < BACKENDS; i++) {
            backends.add(routed(agent, stage.startBackend(agent, SHOP, "b-" + i)));
        }
        Queue<Exchange> failures = new ConcurrentLinkedQueue<>();
        List<Kill> kills = new ArrayList<>();
        LoadReport load;
        try (LoadClient client =
                LoadClient.atRate(RATE, httpd.port(), 40, asks(), exchange -> note(exchange, failures))) {
            for (int round = 0; round < rounds; round++) {
                Waiting.pause(Duration.ofSeconds(1));
                kills.add(kill(agent, backends.remove()));
                backends.add(routed(agent, stage.startBackend(agent, SHOP, "b-" + (BACKENDS + round))));
            }
            Waiting.pause(Duration.ofSeconds(1));
            load = client.stop();
        }
        tell(lookup.word(), load, kills, List.copyOf(failures), report);
    }

    private static List<Ask> asks() {
        return List.of(
                Ask.of("GET", SHOP, "/cart?item=1"),
                Ask.of("POST", SHOP, "/orders").onItsOwn(),
                Ask.of("GET", SHOP, "/today"),
                Ask.of("HEAD", SHOP, "/"));
    }

    private static void note(Exchange exchange, Queue<Exchange> failures) {
        if (!exchange.good()) {
            failures.add(exchange);
        }
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
        long begin = System.nanoTime();
        victim.kill();
        long gone = System.nanoTime();
        if (!Waiting.until(PATIENCE, () -> !Maps.routes(agent.maps(), SHOP, address))) {
            throw new IOException(victim.id() + " is still in the map " + PATIENCE + " after SIGKILL");
        }
        return new Kill(begin, gone, System.nanoTime());
    }

    private static void tell(String name, LoadReport load, List<Kill> kills, List<Exchange> failures, Report report) {
        List<Exchange> inFlight = failures.stream()
                .filter(failure -> kills.stream().anyMatch(kill -> kill.inFlight(failure)))
                .toList();
        List<Exchange> posts = failures.stream()
                .filter(failure -> !inFlight.contains(failure))
                .filter(failure -> kills.stream().anyMatch(kill -> kill.refusedPost(failure)))
                .toList();
        List<Exchange> others = failures.stream()
                .filter(failure -> !inFlight.contains(failure) && !posts.contains(failure))
                .toList();
        double dropped = kills.stream()
                        .mapToLong(kill -> kill.dropped - kill.begin)
                        .max()
                        .orElse(0)
                / 1e6;
        report.figure(name + ", killed", kills.size(), "backends");
        report.figure(name + ", answered and right", load.ok(), "requests");
        report.figure(name + ", in flight on a killed process and failed", inFlight.size(), "requests");
        report.figure(name + ", POSTs answered 503 until the map dropped the dead one", posts.size(), "requests");
        report.figure(name + ", failed otherwise", others.size(), "requests");
        report.figure(name + ", from the kill to the map without it, longest", dropped, "ms");
        report.expect(
                name + ": no GET or HEAD failed but those in flight, and no POST but with 503",
                others.isEmpty(),
                others.isEmpty() ? "0" : others.get(0));
        report.expect(name + ": the kills landed: POSTs met the dead backend", !posts.isEmpty(), posts.size());
        report.expect(name + ": at least 500 requests/s", load.rate() >= 500, load.rate());
    }
}
