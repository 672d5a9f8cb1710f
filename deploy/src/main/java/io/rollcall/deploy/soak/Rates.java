package io.rollcall.deploy.soak;

import io.rollcall.apache.Httpd;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registrar.Backend;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What routing costs: requests a second through httpd to one backend, looked up in each way, beside a static ProxyPass. The runs are
 * interleaved, so that what else the machine does falls on all alike.
 */
final class Rates implements Run {
    private static final String SERVICE = "shop.example.com";
    private static final String STATIC = "static ProxyPass";
    private static final String DECLARED = "text map, declared workers";

    @Override
    public String name() {
        return "rates";
    }

    @Override
    public String about() {
        return "requests/s: static ProxyPass, text map (declared workers, those with ROLLCALL_LOG, generic worker), resolver; second at least 0.85 of first";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int rounds = ground.quick() ? 3 : 5;
        Duration time = Duration.ofSeconds(ground.quick() ? 2 : 6);
        try (Stage stage = ground.stage("rates");
                FastServer backend = FastServer.start()) {
            AgentProcess agent = stage.startAgent(Map.of());
            Map<String, Httpd> ways = new LinkedHashMap<>();
            ways.put(STATIC, stage.startPlainHttpd("static", proxyPass("http://127.0.0.1:" + backend.port() + "/")));
            // Before there is a backend, so that it has no worker declared.
            Httpd generic = stage.startHttpd(agent, "generic", Stage.Lookup.TEXT, OptionalInt.empty());
            register(agent, backend);
            ways.put(DECLARED, stage.startHttpd(agent, "declared", Stage.Lookup.TEXT, OptionalInt.empty()));
            ways.put(DECLARED + ", ROLLCALL_LOG", stage.startLoggingHttpd(agent, "logging"));
            ways.put("text map, generic worker", generic);
            ways.put(
                    "resolver, declared workers",
                    stage.startHttpd(agent, "resolver", Stage.Lookup.RESOLVER, OptionalInt.empty()));
            Map<String, Samples> rates = new LinkedHashMap<>();
            for (Httpd httpd : ways.values()) {
                Wrk.load(httpd.port(), SERVICE, Duration.ofSeconds(1)); // warm
            }
            report.say("load by " + Wrk.client() + " on " + Wrk.CONNECTIONS + " connections, " + rounds + " rounds of "
                    + time.toSeconds() + " s each");
            double alone = Wrk.load(backend.port(), SERVICE, time);
            for (int round = 1; round <= rounds; round++) {
                for (Map.Entry<String, Httpd> way : ways.entrySet()) {
                    double rate = Wrk.load(way.getValue().port(), SERVICE, time);
                    rates.computeIfAbsent(way.getKey(), key -> new Samples()).add(rate);
                }
            }
            tell(rates, alone, report);
        }
    }

    private static String proxyPass(String target) {
        return "ProxyPreserveHost On\nProxyPass / " + target + "\nProxyPassReverse / " + target;
    }

    /** As a process of its own would: it stays until its session ends with this JVM, or with ZooKeeper. */
    private static void register(AgentProcess agent, FastServer backend) throws IOException {
        String address = "127.0.0.1:" + backend.port();
        Registrar.connect(agent.zookeeper())
                .register(Backend.of(SERVICE, backend.port())
                        .address("127.0.0.1")
                        .id("fast")
                        .build());
        if (!Waiting.until(
                Duration.ofSeconds(20),
                () -> Maps.routes(agent.maps(), SERVICE, address) && declared(agent, address))) {
            throw new IOException(address + " is not in the maps after 20 s");
        }
    }

    private static boolean declared(AgentProcess agent, String address) {
        try {
            return Files.readString(agent.maps().resolve("workers.conf")).contains(address);
        } catch (IOException e) {
            return false;
        }
    }

    private static void tell(Map<String, Samples> rates, double alone, Report report) {
        double base = median(rates, STATIC);
        rates.forEach((way, samples) -> {
            report.figure(way + ", median", Math.round(samples.quantile(0.5)), "requests/s");
            report.figure(way + ", least", Math.round(samples.quantile(0)), "requests/s");
            report.figure(way + ", most", Math.round(samples.quantile(1)), "requests/s");
            report.figure(way + ", of static", samples.quantile(0.5) / base, "");
        });
        report.figure("the backend alone, without httpd", Math.round(alone), "requests/s");
        double share = median(rates, DECLARED) / base;
        report.expect(DECLARED + ": at least 0.85 of " + STATIC, share >= 0.85, share);
        report.expect("the backend is not the bottleneck: alone at least twice as fast", alone >= 2 * base, alone);
    }

    private static double median(Map<String, Samples> rates, String way) {
        return rates.getOrDefault(way, new Samples()).quantile(0.5);
    }
}
