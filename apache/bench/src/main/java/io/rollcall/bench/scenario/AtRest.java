package io.rollcall.bench.scenario;

import io.rollcall.agent.admin.AdminClient;
import io.rollcall.bench.Processes;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Two more agents beside the one that probes once a second: one with httpd's logs, whose probes become fewer by themselves, and one
 * that makes none. What the first does when it is calm takes two minutes to come about; so both are started first and looked at last.
 */
final class AtRest implements AutoCloseable {
    /** Probes are this far apart when all is calm, but for some that are near the end of a round. */
    private static final double CALMEST_SECONDS = 30 / 1.25;

    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final AgentProcess logging;
    private final AgentProcess probeless;
    private final int backends;
    private final long begin = System.nanoTime();

    private AtRest(AgentProcess logging, AgentProcess probeless, int backends) {
        this.logging = logging;
        this.probeless = probeless;
        this.backends = backends;
    }

    /** Each with settings as they are by default, but for the one that makes the difference. */
    static AtRest start(Place place, Registry registry, int backends) throws IOException {
        Place logs = place.inside("with-logs");
        Path requests = Files.createFile(logs.file("requests.log"));
        Path errors = Files.createFile(logs.file("error.log"));
        AgentProcess logging =
                AgentProcess.follow(logs, registry.connect(), Map.of("httpd.logs", requests + "," + errors));
        try {
            return new AtRest(
                    logging,
                    AgentProcess.follow(place.inside("no-probes"), registry.connect(), Map.of("probe.interval", "off")),
                    backends);
        } catch (IOException e) {
            logging.close();
            throw e;
        }
    }

    /** Waits until probes are as few as they become. */
    void awaitCalm(Results results) throws IOException, InterruptedException {
        while (true) {
            double perSecond = probesPerSecond(WINDOW);
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (perSecond <= backends / CALMEST_SECONDS) {
                return;
            }
            if (seconds >= PATIENCE.toSeconds()) {
                results.note("the agent with httpd's logs still made %.0f probes/s after %.0f s"
                        .formatted(perSecond, seconds));
                return;
            }
        }
    }

    private double probesPerSecond(Duration time) throws IOException, InterruptedException {
        AdminClient admin = new AdminClient(logging.socket());
        long before = probes(admin);
        long from = System.nanoTime();
        Thread.sleep(time.toMillis());
        return (probes(admin) - before) / ((System.nanoTime() - from) / 1e9);
    }

    private static long probes(AdminClient admin) throws IOException {
        return admin.status().path("health").path("probes").asLong();
    }

    Processes logging() {
        return Processes.of(logging.pid());
    }

    Processes probeless() {
        return Processes.of(probeless.pid());
    }

    @Override
    public void close() {
        logging.close();
        probeless.close();
    }
}
