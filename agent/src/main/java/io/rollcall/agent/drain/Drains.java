package io.rollcall.agent.drain;

import io.rollcall.agent.drain.Connections.Count;
import io.rollcall.agent.loop.Loop;
import io.rollcall.agent.view.Instruction;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.registry.Ack;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Paths;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the orders out as far as that can be told: after each publication it says in the acks what httpd has, and then looks at the
 * evidence until no request to the backend is open. It takes nobody out of the maps itself; the view does.
 */
public final class Drains implements AutoCloseable {
    /** Makes sure that this agent does not go back on an order, whatever becomes of the agent. */
    public interface Settler {
        /** {@code done} is told once that is so, and never if httpd may have got the backend back. */
        void settle(OrderNode.Key key, String service, Target target, Runnable done);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** Of the time at most one part in so many is spent on reading the kernel's lists, however long they are. */
    private static final int SPARINGLY = 20;

    private static final Path PROC_NET = Path.of("/proc/self/net");

    private final Paths paths;
    private final Settler settler;
    private final Duty.Sources sources;
    private final Connections connections;
    private final LongSupplier clock = System::nanoTime;
    private final Loop loop = new Loop("rollcall-drain");
    private final AckBoard board;
    private final RegistrarAcks registrars;
    private final Cleanup cleanup;
    private final Map<String, Duty> duties = new HashMap<>(); // by the order's path; by the loop
    private volatile List<OrderReport> reports = List.of(); // by the loop
    private String agent = ""; // by the loop; empty while the agent is not known
    private boolean looking; // by the loop

    public Drains(CuratorFramework client, Paths paths, Settler settler, DrainSettings settings) {
        this.paths = paths;
        this.settler = settler;
        this.sources =
                new Duty.Sources(settings.requests(), settings.httpdUser().name(), settings.grace());
        this.connections = new Connections(PROC_NET, settings.httpdUser().uid());
        this.board = new AckBoard(client, loop, clock);
        this.registrars = new RegistrarAcks(client, loop, clock);
        this.cleanup = new Cleanup(client, paths, clock);
    }

    public void start() {
        loop.every(Cleanup.EVERY, () -> {
            if (!agent.isEmpty()) {
                cleanup.consider(duties);
            }
        });
    }

    /** Httpd has this view, since {@code nanos}. */
    public void published(View view, long nanos) {
        loop.run(() -> {
            take(view, (duty, instruction) -> duty.published(view, instruction, nanos));
            tell();
            look();
        });
    }

    /** Httpd should have this view, but it is not known which one it has. */
    public void unpublished(View view, String why) {
        loop.run(() -> {
            take(view, (duty, instruction) -> duty.unpublished(instruction, why));
            tell();
        });
    }

    /** The agent is known, on a new connection. */
    public void connected(String agentId) {
        loop.run(() -> {
            agent = agentId;
            cleanup.startOver();
            board.connected(agentId);
        });
    }

    public void disconnected() {
        loop.run(() -> {
            agent = "";
            board.disconnected();
        });
    }

    /** Something happened to an ack. */
    public void below(WatchedEvent event) {
        int slash = event.getPath().lastIndexOf('/');
        String path = event.getPath().substring(0, slash);
        String name = event.getPath().substring(slash + 1);
        if (name.equals(Ack.REGISTRAR)) {
            loop.run(() -> registrars.changed(path));
        } else if (event.getType() == Watcher.Event.EventType.NodeDeleted) {
            loop.run(() -> {
                if (name.equals(agent)) {
                    board.deleted(path);
                }
            });
        }
    }

    public List<OrderReport> reports() {
        return reports;
    }

    @Override
    public void close() {
        cleanup.close();
        if (loop.close(Duration.ofSeconds(2))) {
            duties.values().forEach(Duty::close);
        }
    }

    private void take(View view, BiConsumer<Duty, Instruction> news) {
        Map<String, Instruction> now = view.instructions().stream()
                .collect(Collectors.toMap(
                        each -> paths.order(each.node().service(), each.node().id()), each -> each));
        duties.entrySet().removeIf(entry -> {
            boolean gone = !now.containsKey(entry.getKey());
            if (gone) {
                LOG.info(
                        "Order {} is gone (was {})",
                        entry.getKey(),
                        entry.getValue().ack().stage().word());
                entry.getValue().close();
            }
            return gone;
        });
        now.forEach((path, instruction) -> {
            Optional<Duty> before = Optional.ofNullable(duties.get(path));
            Duty duty = before.filter(old -> old.instruction().key().equals(instruction.key()))
                    .orElseGet(() -> begin(path, instruction, before));
            news.accept(duty, instruction);
        });
        board.keep(now.keySet());
        registrars.keep(now.keySet());
    }

    private Duty begin(String path, Instruction instruction, Optional<Duty> before) {
        before.ifPresent(Duty::close);
        Duty duty = new Duty(sources, instruction, before.flatMap(Duty::target), clock.getAsLong());
        duties.put(path, duty);
        LOG.info("Order {}: {}", path, described(instruction));
        return duty;
    }

    /** Looks at the evidence, and again as long as somebody waits for it. */
    private void look() {
        if (looking || duties.values().stream().noneMatch(Duty::watching)) {
            return;
        }
        long begin = clock.getAsLong();
        Optional<Map<Target, Count>> counts = Optional.empty();
        String uncounted = "";
        try {
            counts = Optional.of(connections.count(duties.values().stream()
                    .filter(Duty::watching)
                    .flatMap(duty -> duty.target().stream())
                    .collect(Collectors.toSet())));
        } catch (IOException e) {
            uncounted = e.toString();
        }
        long end = clock.getAsLong();
        for (Map.Entry<String, Duty> entry : duties.entrySet()) {
            if (entry.getValue().watching()) {
                look(entry.getKey(), entry.getValue(), counts, uncounted, end);
            }
        }
        tell();
        looking = true;
        long sparingly = Math.min(SPARINGLY * (end - begin), sources.grace().toNanos() / Duty.LEAST_SIGHTS);
        long pause = Math.max(LOOK_EVERY.toNanos(), sparingly);
        loop.after(Duration.ofNanos(pause), () -> {
            looking = false;
            look();
        });
    }

    private void look(String path, Duty duty, Optional<Map<Target, Count>> counts, String uncounted, long nanos) {
        Target target = duty.target().orElseThrow();
        Optional<Count> count = counts.map(all -> all.getOrDefault(target, Count.NONE));
        if (duty.quietBy(new Duty.Sight(nanos, count, uncounted, registrars.of(path)))) {
            OrderNode node = duty.instruction().node();
            settler.settle(
                    node.key(),
                    node.service(),
                    target,
                    () -> loop.run(() -> {
                        duty.settled();
                        tell();
                    }));
        }
    }

    private void tell() {
        List<OrderReport> next = new ArrayList<>();
        duties.forEach((path, duty) -> {
            board.put(path, duty.ack());
            next.add(new OrderReport(duty.instruction(), duty.ack()));
        });
        for (OrderReport report : next) {
            boolean told = reports.stream()
                    .anyMatch(old ->
                            old.ack().quotes(report.ack().czxid(), report.ack().mzxid())
                                    && old.ack().stage() == report.ack().stage());
            if (!told) {
                LOG.info(
                        "Order {}/{}: {}, {}",
                        report.instruction().node().service(),
                        Excerpt.of(report.instruction().node().id()),
                        report.ack().stage().word(),
                        report.ack().detail());
            }
        }
        reports = List.copyOf(next);
    }

    private static String described(Instruction instruction) {
        String by = Excerpt.of(instruction.order().by());
        return instruction.order().action().word() + (by.isEmpty() ? "" : ", by " + by);
    }
}
