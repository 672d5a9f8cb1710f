package io.rollcall.deploy.soak;

import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.health.Settings;
import io.rollcall.agent.publish.Publisher;
import io.rollcall.agent.publish.WorkersConf;
import io.rollcall.agent.table.Table;
import io.rollcall.agent.view.AddressPolicy;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.view.ViewBuilder;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * What one change costs the agent, by the number of names: it must not grow with them. Of the publishing thread, from the facts to the
 * published maps; and of the whole process.
 */
final class Changes implements Run {
    private static final int[] SIZES = {100, 10_000, 100_000};

    private static final Conditions ALL_FIT = Conditions.of(Map.of(), new Condition.Fit(0, 100), OptionalLong.empty());

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public String name() {
        return "changes";
    }

    @Override
    public String about() {
        return "time and CPU of one change in the agent, from the facts to the published maps, at 100, 10,000 and 100,000 names;"
                + " CPU of the whole process";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        double few = 0;
        for (int size : SIZES) {
            double median =
                    measure(ground.place().folder("changes-" + size), size, ground.quick() ? 300 : 2000, report);
            few = few == 0 ? median : few;
            report.expect(
                    String.format("%,d names: one change takes at most three times the CPU that it takes at 100", size),
                    median <= 3 * few,
                    median);
        }
        int many = ground.size().pick(100_000, 100_000, 10_000);
        double whole = AgentChanges.measure(ground.place().inside("agent-100"), 100, report);
        double grown = AgentChanges.measure(ground.place().inside("agent-" + many), many, report);
        report.expect(
                String.format("%,d backends: one change takes the whole agent at most twice the CPU of 100", many),
                grown <= 2 * whole,
                grown);
    }

    /** Gives the median of the CPU, in milliseconds: the time is as others leave it. */
    private double measure(Path directory, int size, int changes, Report report) throws Exception {
        String of = String.format("%,d names: ", size);
        ExecutorService background = Executors.newSingleThreadExecutor();
        try (Publisher publisher =
                new Publisher(directory, WorkersConf.upTo(300), background, () -> {}, Duration.ofSeconds(1))) {
            ViewBuilder builder = new ViewBuilder(
                    new Paths("/rollcall"),
                    AddressPolicy.of(AddressPolicy.networks("10.0.0.0/8"), AddressPolicy.ports("1-65535")),
                    Pattern.compile(".+\\..+"),
                    Duration.ofDays(7),
                    Settings.DEFAULTS);
            Table.Edit<NavigableMap<String, Node>> all =
                    Table.<NavigableMap<String, Node>>empty().edit();
            for (int i = 0; i < size; i++) {
                all.put(service(i), nodes(i, 0));
            }
            Table<NavigableMap<String, Node>> roll = all.done();
            long begin = System.nanoTime();
            KnownNames known = publish(roll, KnownNames.NONE, builder, publisher);
            report.figure(of + "all of them, at first", (System.nanoTime() - begin) / 1e6, "ms");
            Random random = new Random(1);
            Samples times = new Samples();
            Samples cpu = new Samples();
            long started = System.nanoTime();
            for (int change = -changes / 4; change < changes; change++) {
                int i = random.nextInt(size);
                roll = roll.edit().put(service(i), nodes(i, change)).done();
                long from = System.nanoTime();
                long cpuFrom = threads.getCurrentThreadCpuTime();
                known = publish(roll, known, builder, publisher);
                if (change >= 0) { // after warming up
                    cpu.addNanos(threads.getCurrentThreadCpuTime() - cpuFrom);
                    times.addNanos(System.nanoTime() - from);
                }
            }
            report.figure(of + "changes a second", changes * 1.25e9 / (System.nanoTime() - started), "");
            report.figure(of + "one change, CPU, p50", cpu.millis(0.5), "ms");
            report.figure(of + "one change, p50", times.millis(0.5), "ms");
            report.figure(of + "one change, p99", times.millis(0.99), "ms");
            return cpu.millis(0.5);
        } finally {
            background.shutdownNow();
        }
    }

    private static KnownNames publish(
            Table<NavigableMap<String, Node>> roll, KnownNames known, ViewBuilder builder, Publisher publisher)
            throws IOException {
        ViewBuilder.Built built =
                builder.build(new Facts(new Roll(roll), Orders.NONE), ALL_FIT, Set.of(), known, Instant.now());
        publisher.publish(built.view());
        return built.known();
    }

    private static String service(int i) {
        return "name-" + i + ".shop.example.com";
    }

    /** One backend, whose port tells the version. */
    private static NavigableMap<String, Node> nodes(int i, int version) {
        Instance instance = new Instance(
                service(i),
                "b1",
                "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255),
                10_000 + Math.floorMod(version, 10_000),
                Instance.HTTP,
                "",
                State.UP,
                1,
                "",
                "",
                "",
                0,
                Map.of());
        return new TreeMap<>(
                Map.of("b1", new Node(service(i), "b1", i + 1L, version, new Node.Content.Valid(instance))));
    }
}
