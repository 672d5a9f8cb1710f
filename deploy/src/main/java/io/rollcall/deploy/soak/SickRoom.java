package io.rollcall.deploy.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.agent.admin.AdminClient;
import io.rollcall.apache.Httpd;
import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Two backends that are well, room for a third one that will not be, and another service on the same httpd. Whatever is registered
 * stays so, however it fares.
 */
final class SickRoom implements AutoCloseable {
    static final String SHOP = "shop.example.com";
    static final String OTHER = "other.example.com";

    private static final int WORKERS = 400;
    private static final double RATE = 500;
    private static final double OTHER_RATE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Stage stage;
    private final AgentProcess agent;
    private final Httpd httpd;
    private final Registrar registrar;

    private SickRoom(Stage stage, AgentProcess agent, Httpd httpd, Registrar registrar) {
        this.stage = stage;
        this.agent = agent;
        this.httpd = httpd;
        this.registrar = registrar;
    }

    /**
     * Opens it on a stage.
     *
     * @param logged whether the agent reads the log of requests
     */
    static SickRoom open(Stage stage, Stage.Lookup lookup, Map<String, String> settings, boolean logged)
            throws IOException {
        Map<String, String> all = new TreeMap<>(Map.of(
                "probe.interval", "500ms",
                "probe.timeout", "500ms",
                "slow.start", "1s",
                "allow.networks", "127.0.0.0/8, 10.3.1.0/24"));
        if (logged) {
            all.put(
                    "httpd.logs",
                    stage.place().folder("httpd").resolve("requests.log").toString());
        }
        all.putAll(settings);
        AgentProcess agent = stage.startAgent(all);
        // All of them at once: what is measured here is not how soon httpd starts children.
        String workers = "StartServers 16\nMaxRequestWorkers " + WORKERS + "\nMaxSpareThreads " + WORKERS + "\n";
        Httpd httpd = stage.startLoggingHttpd(agent, "httpd", lookup, workers);
        SickRoom room = new SickRoom(stage, agent, httpd, Registrar.connect(agent.zookeeper()));
        room.enroll(SHOP, "well-0");
        room.enroll(SHOP, "well-1");
        room.enroll(OTHER, "other");
        return room;
    }

    Stage stage() {
        return stage;
    }

    Httpd httpd() {
        return httpd;
    }

    /** One more backend in this JVM. */
    Enrolled enroll(String service, String id) throws IOException {
        Enrolled backend = Enrolled.start(registrar, service, id);
        awaitRouted(service, backend.address());
        return backend;
    }

    /** One more that runs elsewhere. */
    void enroll(String id, String ip, long port) throws IOException {
        Enrolled.register(registrar, SHOP, id, ip, (int) port);
        awaitRouted(SHOP, ip + ":" + port);
    }

    private void awaitRouted(String service, String address) throws IOException {
        if (!Waiting.until(PATIENCE, () -> Maps.routes(agent.maps(), service, address))) {
            throw new IOException(address + " is not in the map after " + PATIENCE);
        }
    }

    /** What a backend suffers from, and how that ends. */
    interface Illness {
        void begin() throws IOException;

        void end() throws IOException;
    }

    /**
     * What happened; moments by {@link System#nanoTime}.
     *
     * @param ejected when the map was without it for the first time
     * @param returned when the map had it again after the illness
     * @param ejections how often it was taken out, by the agent's journal
     * @param shop what was asked since it began
     * @param cutOff under way when it began, and hurt
     */
    record Course(
            long begin,
            long end,
            OptionalLong ejected,
            OptionalLong returned,
            int ejections,
            List<Exchange> shop,
            List<Exchange> other,
            long cutOff) {}

    /** Puts load on both services, lets the backend be ill for a while, and looks after it until it is back, if it was ejected. */
    Course suffer(String address, String id, Illness illness, Duration time, Duration patience) throws Exception {
        Waiting.pause(Duration.ofSeconds(2)); // slow starts
        try (KeptLoad shop = KeptLoad.start(RATE, httpd.port(), 2 * WORKERS, SHOP);
                KeptLoad other = KeptLoad.start(OTHER_RATE, httpd.port(), WORKERS, OTHER)) {
            Waiting.pause(Duration.ofSeconds(2));
            long begin = System.nanoTime();
            illness.begin();
            long begun = System.nanoTime();
            OptionalLong ejected = when(time, () -> !Maps.routes(agent.maps(), SHOP, address));
            long rest = time.toNanos() - (System.nanoTime() - begin);
            Waiting.pause(Duration.ofNanos(Math.max(0, rest)));
            illness.end();
            long end = System.nanoTime();
            OptionalLong returned = ejected.isPresent()
                    ? when(patience, () -> Maps.routes(agent.maps(), SHOP, address))
                    : OptionalLong.empty();
            Waiting.pause(Duration.ofSeconds(2));
            shop.stop();
            other.stop();
            return new Course(
                    begin,
                    end,
                    ejected,
                    returned,
                    ejections(id),
                    shop.since(begun),
                    other.since(begun),
                    shop.underWay(begun).stream().filter(SickRoom::hurt).count());
        }
    }

    /** Lost, or longer than a connection may take. */
    static boolean hurt(Exchange exchange) {
        return !exchange.good() || slow(exchange);
    }

    static boolean slow(Exchange exchange) {
        return exchange.endedNanos() - exchange.askedNanos() > 1_500_000_000L;
    }

    private static OptionalLong when(Duration limit, java.util.function.BooleanSupplier condition) {
        return Waiting.until(limit, condition) ? OptionalLong.of(System.nanoTime()) : OptionalLong.empty();
    }

    private int ejections(String id) throws IOException {
        int count = 0;
        for (JsonNode event :
                new AdminClient(agent.socket()).events(SHOP, 0, 10_000).path("events")) {
            boolean own = event.path("backend").asText().equals(id);
            count += own && event.path("what").asText().equals("eject") ? 1 : 0;
        }
        return count;
    }

    /** The backends end with this JVM, all else with the stage. */
    @Override
    public void close() {
        registrar.close();
    }
}
