package io.rollcall.agent.register;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a wrapper that only follows a process, on a signal: drains that, as long as there is time, and takes it out of the registry. The process itself
 * is left alone. A second signal does not wait.
 */
public final class Departure {
    /** Those that end a wrapper, and the numbers that its exit status tells. */
    public static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private final Attendance attendance;
    private final Duration deadline;
    private final AtomicBoolean draining = new AtomicBoolean();

    public Departure(Attendance attendance, Duration deadline) {
        this.attendance = attendance;
        this.deadline = deadline;
    }

    /** One thread at a time. */
    public void start(String signal) {
        if (!deadline.isZero() && draining.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> drainAndEnd(signal), "drain");
            thread.setDaemon(true);
            thread.start();
        } else {
            end(signal);
        }
    }

    private void drainAndEnd(String signal) {
        try {
            attendance.drain(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(signal);
    }

    /** A shutdown hook leaves. */
    private static void end(String signal) {
        System.exit(128 + SIGNALS.getOrDefault(signal, 0));
    }
}
