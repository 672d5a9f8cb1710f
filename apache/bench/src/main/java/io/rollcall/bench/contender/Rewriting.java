package io.rollcall.bench.contender;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Optional;

/**
 * Routes that are written anew as a whole at each change. One rewriting at a time: what changes meanwhile goes into the next, as
 * anyone would do who writes such a thing.
 */
final class Rewriting extends Routes {
    /** Writes all of it, and has the server read it. */
    interface Rewrite {
        void all(Map<String, String> addresses) throws Exception;
    }

    private final Rewrite rewrite;
    private final Thread writer = new Thread(this::run, "rewriting");
    private boolean due; // guarded by writer
    private boolean closed; // guarded by writer

    Rewriting(Rewrite rewrite) {
        this.rewrite = rewrite;
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    void changed(String name, Optional<String> before, Optional<String> address) {
        synchronized (writer) {
            due = true;
            writer.notifyAll();
        }
    }

    @Override
    public double updaterSeconds() {
        return Math.max(0, ManagementFactory.getThreadMXBean().getThreadCpuTime(writer.getId())) / 1e9;
    }

    private void run() {
        try {
            while (awaitChange()) {
                rewrite.all(all());
            }
        } catch (InterruptedException e) {
            return;
        } catch (Exception e) {
            System.err.println("cannot rewrite: " + e);
        }
    }

    private boolean awaitChange() throws InterruptedException {
        synchronized (writer) {
            while (!due && !closed) {
                writer.wait();
            }
            due = false;
            return !closed;
        }
    }

    @Override
    public void close() {
        synchronized (writer) {
            closed = true;
            writer.notifyAll();
        }
        try {
            writer.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
