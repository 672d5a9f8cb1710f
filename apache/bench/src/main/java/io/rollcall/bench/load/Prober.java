package io.rollcall.bench.load;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Asks for one name, one request after the other with little rest, and notes who answers and when. */
public final class Prober implements AutoCloseable {
    private static final long REST_NANOS = 200_000;

    private final int port;
    private final String name;
    private final Thread thread = new Thread(this::run, "prober");
    private volatile boolean closed;
    // Written by the prober's thread.
    private volatile Optional<String> answer = Optional.empty();
    private volatile long changedNanos;
    private volatile long lastGoodNanos;

    public Prober(int port, String name) {
        this.port = port;
        this.name = name;
        thread.setDaemon(true);
        thread.start();
    }

    /** The backend that gave the youngest answer; empty if that was not a 200. */
    public Optional<String> answer() {
        return answer;
    }

    /** When the first answer of the same kind as the youngest was there, by {@link System#nanoTime}. */
    public long changedNanos() {
        return changedNanos;
    }

    /** When the youngest request was sent that a backend answered. */
    public long lastGoodNanos() {
        return lastGoodNanos;
    }

    private void run() {
        while (!closed) {
            try (Asker asker = new Asker(port)) {
                while (!closed && asker.usable()) {
                    told(asker.ask(name));
                    LockSupport.parkNanos(REST_NANOS);
                }
            } catch (IOException e) {
                LockSupport.parkNanos(REST_NANOS); // the server restarts
            }
        }
    }

    private void told(Asker.Answer now) {
        if (now.backend().isPresent()) {
            lastGoodNanos = now.askedNanos();
        }
        if (!now.backend().equals(answer)) {
            changedNanos = now.endedNanos();
            answer = now.backend();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(12_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
