package io.rollcall.bench.contender;

import java.io.IOException;
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
    private boolean busy; // guarded by writer
    private boolean closed; // guarded by writer
    private long begun; // guarded by writer
    private Optional<Exception> failure = Optional.empty(); // guarded by writer

    Rewriting(Rewrite rewrite) {
        this.rewrite = rewrite;
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    void changed(String name, Optional<String> before, Optional<String> address) throws IOException {
        synchronized (writer) {
            if (failure.isPresent()) {
                throw new IOException("nothing is rewritten since " + failure.get(), failure.get());
            }
            due = true;
            writer.notifyAll();
        }
    }

    @Override
    public long told() {
        synchronized (writer) {
            return begun + (due ? 1 : 0);
        }
    }

    @Override
    public void awaitTold() throws IOException, InterruptedException {
        Tools.await("all is rewritten", () -> {
            synchronized (writer) {
                return (!due && !busy) || failure.isPresent();
            }
        });
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
            synchronized (writer) {
                failure = Optional.of(e);
            }
        }
    }

    private boolean awaitChange() throws InterruptedException {
        synchronized (writer) {
            busy = false;
            while (!due && !closed) {
                writer.wait();
            }
            busy = due;
            due = false;
            begun++;
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
