package io.rollcall.agent.register;

import io.rollcall.registrar.Backend;
import io.rollcall.registrar.DrainResult;
import io.rollcall.registrar.Registrar;
import io.rollcall.registrar.Registration;
import io.rollcall.registrar.SelfDrain;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers a process as soon as it is ready, and takes it back at its end. */
public final class Attendance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);
    private static final Duration ASK_EVERY = Duration.ofMillis(50);
    private static final Duration ASK_PATIENCE = Duration.ofSeconds(2);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);

    private final Registrar registrar;
    private final Backend backend;
    private final ReadyCheck check;
    private final Duration warnAfter;
    private final Object lock = new Object();
    private boolean over; // guarded by lock
    private @Nullable Registration registration; // guarded by lock

    /** {@code warnAfter}: when it is worth a warning that the process is not ready; each further one comes twice as late. */
    public Attendance(Registrar registrar, Backend backend, ReadyCheck check, Duration warnAfter) {
        this.registrar = registrar;
        this.backend = backend;
        this.check = check;
        this.warnAfter = warnAfter;
    }

    /** Starts to ask, on a thread of its own. */
    public void start(Subject subject) {
        Thread thread = new Thread(() -> await(subject), "ready-check");
        thread.setDaemon(true);
        thread.start();
    }

    private void await(Subject subject) {
        InetSocketAddress server =
                new InetSocketAddress(backend.address().orElseGet(registrar::localAddress), backend.port());
        long start = System.nanoTime();
        Duration nextWarning = warnAfter;
        try {
            while (subject.isAlive()) {
                Optional<String> problem = check.ask(server, backend.service(), ASK_PATIENCE);
                if (problem.isEmpty()) {
                    register(subject);
                    return;
                }
                Duration spent = Duration.ofNanos(System.nanoTime() - start);
                if (spent.compareTo(nextWarning) >= 0) {
                    LOG.warn(
                            "{} is not ready after {} s and so not registered: {} at {}:{}: {}",
                            subject.name(),
                            spent.toSeconds(),
                            check,
                            server.getHostString(),
                            server.getPort(),
                            problem.get());
                    nextWarning = nextWarning.multipliedBy(2);
                }
                Thread.sleep(ASK_EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void register(Subject subject) {
        synchronized (lock) {
            if (!over && subject.isAlive()) { // whoever answered, it may have been somebody else
                LOG.info("{} is ready", subject.name());
                registration = registrar.register(backend);
            }
        }
    }

    /**
     * Has no new requests sent to it, and returns when those that are open have ended on all httpds, or at the deadline. Where nobody can prove
     * that, the time passes that httpds need to hear of it. At once if it was not registered. Tells on the way what it waits for.
     */
    void drain(Duration deadline) throws InterruptedException {
        Registration mine;
        synchronized (lock) {
            over = true;
            mine = registration;
        }
        if (mine == null) {
            return;
        }
        long start = System.nanoTime();
        SelfDrain drain = mine.drain();
        DrainResult result = drain.result();
        String told = "";
        while (!result.isFinal() && !rest(deadline, start).isZero()) {
            if (result instanceof DrainResult.Waiting waiting
                    && !waiting.holds().isEmpty()
                    && !result.text().equals(told)) {
                told = result.text();
                LOG.info(
                        "{}, waiting at most {} s longer",
                        told,
                        rest(deadline, start).toSeconds());
            }
            result = drain.await(shorter(TELL_EVERY, rest(deadline, start)));
        }
        if (result instanceof DrainResult.Unproven) {
            Thread.sleep(shorter(Backend.DEFAULT_LINGER, rest(deadline, start)).toMillis());
        } else if (!result.isFinal()) {
            LOG.warn("{}, and the time to drain of {} s is over", result.text(), deadline.toSeconds());
        }
    }

    private static Duration rest(Duration deadline, long start) {
        Duration rest = deadline.minusNanos(System.nanoTime() - start);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Leaves, if it was registered; never registers again. */
    @Override
    public void close() {
        synchronized (lock) {
            over = true;
        }
        registrar.close();
    }
}
