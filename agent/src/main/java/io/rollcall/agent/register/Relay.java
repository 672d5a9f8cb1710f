package io.rollcall.agent.register;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Passes signals on to a command. Those that ask it to end wait until no request to it is open and none can come, at most as long as there is to
 * drain; a second one does not wait.
 */
public final class Relay {
    private static final Set<String> ENDING = Set.of("TERM", "INT");

    private final Command command;
    private final Attendance attendance;
    private final Duration deadline;
    private final AtomicBoolean draining = new AtomicBoolean();

    public Relay(Command command, Attendance attendance, Duration deadline) {
        this.command = command;
        this.attendance = attendance;
        this.deadline = deadline;
    }

    /** One thread at a time. */
    public void pass(String signal) {
        if (signal.equals("INT") && Terminal.isForeground()) {
            return; // the terminal has sent it to the command too
        }
        if (ENDING.contains(signal) && !deadline.isZero() && draining.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> passLater(signal), "drain");
            thread.setDaemon(true);
            thread.start();
        } else {
            command.signal(signal);
        }
    }

    private void passLater(String signal) {
        try {
            attendance.drain(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        command.signal(signal);
    }
}
