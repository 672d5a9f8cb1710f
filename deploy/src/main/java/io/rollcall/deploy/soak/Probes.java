package io.rollcall.deploy.soak;

import io.rollcall.agent.admin.AdminClient;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registrar.Backend;
import io.rollcall.registrar.Registrar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What it costs the agent to probe 2,000 backends every second. */
final class Probes implements Run {
    private static final int BACKENDS = 2000;
    private static final int SERVICES = 100;
    private static final double TICKS_PER_SECOND = 100;

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
                long ticks = ticks(agent.pid());
                long begin = System.nanoTime();
                Waiting.pause(watched);
                double seconds = (System.nanoTime() - begin) / 1e9;
                double rate = (probes(admin) - probes) / seconds;
                report.figure("probes", rate, "a second");
                report.figure(
                        "processor time of the agent",
                        100 * (ticks(agent.pid()) - ticks) / TICKS_PER_SECOND / seconds,
                        "% of one");
                report.figure("agent with ZooKeeper inside: resident", resident(agent.pid()), "MiB");
                report.expect("all are probed about once a second", rate > 0.8 * BACKENDS, rate);
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

    private static long probes(AdminClient admin) throws IOException {
        return admin.status().path("health").path("probes").asLong();
    }

    /** User and system time of a process, in the kernel's ticks. */
    private static long ticks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(words[11]) + Long.parseLong(words[12]);
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
