package io.rollcall.deploy.soak;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.agent.admin.AdminClient;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Listener;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registrar.Backend;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** What it costs the agent to probe 2,000 backends every second. */
final class Probes implements Run {
    private static final int BACKENDS = 2000;
    private static final int SERVICES = 100;

    @Override
    public String name() {
        return "probes";
    }

    @Override
    public String about() {
        return "2,000 backends probed every second, by connecting: processor time and memory of the agent";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        Duration watched = Duration.ofSeconds(ground.quick() ? 10 : 60);
        try (Stage stage = ground.stage("probes");
                Listener listener = new Listener()) {
            AgentProcess agent = stage.startAgent(Map.of());
            try (Registrar registrar = Registrar.connect(agent.zookeeper())) {
                for (int i = 0; i < BACKENDS; i++) {
                    registrar.register(Backend.of("service-" + i % SERVICES + ".example.com", listener.port())
                            .address(Listener.address(i))
                            .linger(Duration.ZERO)
                            .build());
                }
                AdminClient admin = new AdminClient(agent.socket());
                Waiting.until(Duration.ofMinutes(2), () -> followed(admin) == BACKENDS);
                Waiting.pause(Duration.ofSeconds(10));
                long probes = probes(admin);
                Cost cost = Cost.of(agent.pid());
                long begin = System.nanoTime();
                Waiting.pause(watched);
                double seconds = (System.nanoTime() - begin) / 1e9;
                double rate = (probes(admin) - probes) / seconds;
                report.figure("probes", rate, "a second");
                report.figure("processor time of the agent", cost.processorPercent(), "% of one");
                report.figure("agent with ZooKeeper inside: resident", Cost.residentMebibytes(agent.pid()), "MiB");
                report.expect("all are probed about once a second", rate > 0.8 * BACKENDS, rate);
                long ejected = ejections(admin);
                report.figure("taken for unfit", ejected, "times");
                report.expect("none was taken for unfit", ejected == 0, ejected);
            }
        }
    }

    private static int followed(AdminClient admin) {
        try {
            return admin.status().path("health").path("followed").asInt();
        } catch (IOException e) {
            return 0; // it is asked again
        }
    }

    private static long ejections(AdminClient admin) throws IOException {
        long count = 0;
        for (JsonNode event : admin.events("", 0, 1000).path("events")) {
            count += event.path("what").asText().equals("eject") ? 1 : 0;
        }
        return count;
    }

    private static long probes(AdminClient admin) throws IOException {
        return admin.status().path("health").path("probes").asLong();
    }
}
