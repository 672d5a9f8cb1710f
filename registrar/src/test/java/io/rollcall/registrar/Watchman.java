package io.rollcall.registrar;

import io.rollcall.registry.Instance;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.KeeperException;

/** Reads a service again and again, and remembers if the backend was missing or not up in any reading. */
final class Watchman implements AutoCloseable {
    private final AtomicInteger readings = new AtomicInteger();
    private final AtomicReference<String> gap = new AtomicReference<>("");
    private final Thread thread;
    private volatile boolean ended;

    Watchman(Tree tree, String service, String id) {
        thread = new Thread(() -> watch(tree, service, id), "watchman");
        thread.start();
    }

    private void watch(Tree tree, String service, String id) {
        while (!ended) {
            try {
                Map<String, Instance> present = tree.present(service);
                Instance instance = present.get(id);
                if (instance == null || instance.state() != io.rollcall.registry.State.UP) {
                    gap.compareAndSet("", "reading " + readings + " found " + present + " in " + tree.nodes(service));
                }
                readings.incrementAndGet();
            } catch (KeeperException e) {
                // no connection: nobody can see a gap
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    int readings() {
        return readings.get();
    }

    /** The first reading in which the backend was missing; empty if there was none. */
    String gap() {
        return gap.get();
    }

    @Override
    public void close() {
        ended = true;
        thread.interrupt();
    }
}
