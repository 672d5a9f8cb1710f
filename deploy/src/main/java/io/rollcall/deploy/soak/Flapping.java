package io.rollcall.deploy.soak;

import io.rollcall.apache.Httpd;
import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One of three backends is up and down every second. Rounds with it and without it take turns, each with a new one, so that all
 * noise of the machine falls on both; the others' p99 with it has to be within what it is without it.
 */
final class Flapping implements Run {
    private static final String SHOP = "shop.example.com";
    private static final double RATE = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration HALF = Duration.ofSeconds(1);

    /** A p99 of a few milliseconds moves by as much between two rounds in which nothing happens. */
    private static final double LEAST_NOISE_MILLIS = 2;

    @Override
    public String name() {
        return "flapping";
    }

    @Override
    public String about() {
        return "500 requests/s while one backend of three is up and down every second: what the requests to the others notice";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int rounds = ground.quick() ? 3 : 5;
        Duration each = Duration.ofSeconds(ground.quick() ? 6 : 8);
        ground.eachLookup(name(), report, (stage, lookup) -> flap(stage, lookup, rounds, each, report));
    }

    /** What was seen in the rounds of one kind. */
    private static final class Findings {
        /** In nanoseconds, one for each round. */
        final Samples p99 = new Samples();

        long answered;
        long gets;
        long posts;

        /** Of what was asked since a moment, all but what the one that flaps answered itself. */
        void add(KeptLoad load, long since, String flapper) {
            List<Exchange> others = load.since(since).stream()
                    .filter(exchange -> !exchange.backend().equals(flapper))
                    .toList();
            p99.add(KeptLoad.times(others, Exchange::good).quantile(0.99));
            answered += others.stream().filter(Exchange::good).count();
            gets += KeptLoad.failed(others, "GET");
            posts += KeptLoad.failed(others, "POST");
        }
    }

    private static void flap(Stage stage, Stage.Lookup lookup, int rounds, Duration each, Report report)
            throws Exception {
        AgentProcess agent = stage.startAgent(Map.of(
                "httpd.logs",
                stage.place().folder("httpd").resolve("requests.log").toString(),
                "slow.start",
                "1s"));
        Httpd httpd = stage.startLoggingHttpd(agent, "httpd", lookup);
        Findings quiet = new Findings();
        Findings flapping = new Findings();
        List<Enrolled> steady = new ArrayList<>();
        try (Registrar registrar = Registrar.connect(agent.zookeeper())) {
            for (int i = 0; i < 2; i++) {
                steady.add(routed(agent, Enrolled.start(registrar, SHOP, "steady-" + i)));
            }
            try (KeptLoad load = KeptLoad.start(RATE, httpd.port(), 40, SHOP)) {
                for (int round = 0; round < rounds; round++) {
                    String id = "flapper-" + round;
                    try (Enrolled flapper = routed(agent, Enrolled.start(registrar, SHOP, id))) {
                        Waiting.pause(Duration.ofSeconds(2)); // its slow start
                        long begin = System.nanoTime();
                        Waiting.pause(each);
                        quiet.add(load, begin, id);
                        begin = System.nanoTime();
                        upAndDown(flapper, each);
                        flapping.add(load, begin, id);
                    }
                }
            }
            for (Enrolled backend : steady) {
                backend.close();
            }
        }
        tell(lookup.word(), quiet, flapping, report);
    }

    private static void upAndDown(Enrolled flapper, Duration time) throws IOException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < time.toNanos()) {
            flapper.down();
            Waiting.pause(HALF);
            flapper.up();
            Waiting.pause(HALF);
        }
    }

    private static Enrolled routed(AgentProcess agent, Enrolled backend) throws IOException {
        if (!Waiting.until(PATIENCE, () -> Maps.routes(agent.maps(), SHOP, backend.address()))) {
            throw new IOException(backend.address() + " is not in the map after " + PATIENCE);
        }
        return backend;
    }

    private static void tell(String name, Findings quiet, Findings flapping, Report report) {
        report.times(name + ", p99 of a round without it", quiet.p99);
        report.times(name + ", p99 of a round with it", flapping.p99);
        report.figure(name + ", with it: answered by the others", flapping.answered, "requests");
        report.figure(name + ", with it: GETs failed", flapping.gets, "requests");
        report.figure(name + ", with it: POSTs failed", flapping.posts, "requests");
        report.expect(
                name + ": without it none failed", quiet.gets + quiet.posts == 0, quiet.gets + " and " + quiet.posts);
        double spread = Math.max(LEAST_NOISE_MILLIS, quiet.p99.millis(1) - quiet.p99.millis(0));
        double most = quiet.p99.millis(1) + spread;
        report.figure(
                name + ", the most that is noise: the longest without it, and once more their spread", most, "ms");
        report.expect(
                name + ": median p99 with it is within that",
                flapping.p99.millis(0.5) <= most,
                flapping.p99.millis(0.5));
    }
}
