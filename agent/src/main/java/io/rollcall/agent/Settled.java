package io.rollcall.agent;

import io.rollcall.agent.loop.Loop;
import io.rollcall.agent.publish.SettledFile;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.agent.watch.Orders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orders that this agent does not go back on, in memory for the publishing thread and on disk for the next start. */
final class Settled {
    private static final Logger LOG = LoggerFactory.getLogger(Settled.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final SettledFile file;
    private final Loop disk;
    private volatile Set<OrderNode.Key> keys; // by the publishing thread
    private String problem = ""; // by the disk loop

    Settled(Path file, Loop disk) {
        this.file = new SettledFile(file);
        this.disk = disk;
        this.keys = read();
    }

    Set<OrderNode.Key> keys() {
        return keys;
    }

    /** {@code done} is told on the disk's thread, once it is written. */
    void add(OrderNode.Key key, Runnable done) {
        Set<OrderNode.Key> next = new HashSet<>(keys);
        next.add(key);
        keys = Set.copyOf(next);
        disk.run(() -> write(done));
    }

    /** Forgets those that are not there any more, or in another version. */
    void keep(Orders orders) {
        if (!keys.isEmpty()) {
            Set<OrderNode.Key> there = orders.all().stream().map(OrderNode::key).collect(Collectors.toSet());
            keys = keys.stream().filter(there::contains).collect(Collectors.toUnmodifiableSet());
        }
    }

    private void write(Runnable done) {
        try {
            file.write(keys);
            problem = "";
            done.run();
        } catch (IOException e) {
            if (!e.toString().equals(problem)) {
                LOG.error(
                        "That an order is carried out for good cannot be written down: {}; trying again every {} s",
                        e.toString(),
                        RETRY.toSeconds());
            }
            problem = e.toString();
            disk.after(RETRY, () -> write(done));
        }
    }

    private Set<OrderNode.Key> read() {
        try {
            return file.read();
        } catch (IOException e) {
            LOG.error("What was carried out for good is not known: {}", e.toString());
            return Set.of();
        }
    }
}
