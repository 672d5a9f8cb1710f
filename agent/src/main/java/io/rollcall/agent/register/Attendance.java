package io.rollcall.agent.register;

import io.rollcall.registrar.Backend;
import io.rollcall.registrar.Registrar;
import io.rollcall.registrar.Registration;
import io.rollcall.registry.State;
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

    /** Wants no new requests any more. Returns as soon as the registry knows, or after 1 s. */
    void drain() throws InterruptedException {
        Registration mine;
        synchronized (lock) {
            over = true;
            mine = registration;
        }
        if (mine != null) {
            mine.setState(State.DRAINING);
            mine.awaitRegistered(Duration.ofSeconds(1));
        }
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
