package io.rollcall.bench.scenario;

import io.rollcall.bench.Processes;
import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.report.Results;
import java.util.Map;

/** Resident memory of agent, resolver and servers after they have served. */
public final class Memory implements Scenario {
    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String about() {
        return "resident memory of agent, resolver and servers, after load";
    }

    @Override
    public double seconds(Plan plan, int size) {
        return 1;
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) {
        progress.step("%,d names: memory".formatted(arena.names().count()), 1);
        for (Map.Entry<Contender, Server> entry : arena.servers().entrySet()) {
            String name = entry.getKey().name();
            Processes all = entry.getValue().processes();
            // A program that httpd asks is told apart from httpd.
            boolean httpd = entry.getKey().programs().contains("apache2");
            Processes server = httpd ? all.named("apache2", true) : all;
            results.add(arena.key(name(), name, 0, "server MiB"), server.residentMib());
            if (httpd && all.pids().size() > server.pids().size()) {
                results.add(
                        arena.key(name(), name, 0, "program MiB"),
                        all.named("apache2", false).rssMib());
            }
            if (entry.getKey().isRollcall()) {
                arena.registry(entry.getKey())
                        .ifPresent(registry -> results.add(
                                arena.key(name(), name, 0, "agent MiB"),
                                registry.agent().rssMib()));
            }
        }
    }
}
