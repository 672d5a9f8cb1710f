package io.rollcall.registrar;

import io.rollcall.drain.Drain;
import io.rollcall.drain.Drains;
import io.rollcall.drain.Hold;
import io.rollcall.drain.RefusedException;
import io.rollcall.drain.Terms;
import io.rollcall.drain.Verdict;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backend that drains itself, and the wait for it: the order to it is one as anybody may give it, so it is obeyed and proved in the
 * same way. If there is an order already, that is the one that is waited for. On a thread of its own.
 */
public final class SelfDrain {
    /** How long an order that cannot be given is tried. Once it is given, connections that are lost are waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Logger log = LoggerFactory.getLogger(Registration.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** More often than that nobody replaces orders while one is given. */
    private static final int TRIES = 10;

    private final Registration registration;
    private final Supplier<Drains> drains;
    private final Thread thread;
    private DrainResult result = new DrainResult.Waiting(List.of()); // guarded by this
    private @Nullable Drain drain; // guarded by this
    private boolean fallenBack; // guarded by this
    private boolean cancelled; // guarded by this

    SelfDrain(Registration registration, Supplier<Drains> drains) {
        this.registration = registration;
        this.drains = drains;
        this.thread = Loop.daemon(this::run, "rollcall-registrar-drain");
    }

    void start() {
        thread.start();
    }

    /** As it is now. */
    public synchronized DrainResult result() {
        return result;
    }

    /** Waits until the result is final, at most {@code patience}. */
    public synchronized DrainResult await(Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        while (!result.isFinal()) {
            long rest = patience.toNanos() - (System.nanoTime() - start);
            if (rest <= 0) {
                break;
            }
            wait(rest / 1_000_000, (int) (rest % 1_000_000));
        }
        return result;
    }

    /** The backend is to get requests again. False if there is nothing to take back; {@link IOException} if ZooKeeper does not answer. */
    public boolean cancel() throws IOException {
        Optional<Drain> given;
        boolean said;
        boolean giving;
        synchronized (this) {
            cancelled = true;
            given = Optional.ofNullable(drain);
            giving = given.isEmpty() && !result.isFinal();
            said = fallenBack;
            fallenBack = false;
        }
        if (said) {
            registration.setState(State.UP);
        }
        return (given.isPresent() && given.get().cancel()) || said || giving;
    }

    /** Nobody waits any more; what was ordered stands. */
    void stop() {
        thread.interrupt();
    }

    private void run() {
        DrainResult end;
        try {
            end = drain();
        } catch (InterruptedException e) {
            end = result();
            end = end.isFinal() ? end : new DrainResult.Ended("the registrar was closed");
        } catch (RuntimeException e) {
            end = fallBack(e.toString());
        }
        if (end.isQuiet()) {
            log.info("{} is {}", registration.name(), end.text());
        } else {
            log.warn("{} is {}", registration.name(), end.text());
        }
        settle(end);
    }

    private DrainResult drain() throws InterruptedException {
        registration.awaitRegistered(PATIENCE);
        Status status = registration.status();
        Optional<String> node = status.node();
        if (node.isEmpty() || status.phase() == Phase.SUSPENDED) {
            return fallBack(status.error().orElse("it is not registered"));
        }
        String id = Paths.idOf(node.get().substring(node.get().lastIndexOf('/') + 1));
        try {
            for (int i = 0; i < TRIES; i++) {
                Optional<Drain> given = order(id);
                Optional<DrainResult> end = given.isEmpty() ? Optional.empty() : follow(given.get());
                if (end.isPresent()) {
                    return end.get();
                }
            }
            return fallBack("its order was replaced " + TRIES + " times");
        } catch (IOException e) {
            return fallBack(String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            return fallBack(String.valueOf(e.getMessage()));
        }
    }

    /** The order that stands, or a new one; empty if somebody was faster. */
    private Optional<Drain> order(String id) throws IOException, RefusedException {
        String service = registration.backend().service();
        String incarnation = registration.data().incarnation();
        Optional<Drain> standing = drains.get().follow(service, id, incarnation);
        if (standing.isPresent()) {
            return standing;
        }
        Terms terms = Terms.DEFAULT
                .by(by())
                .incarnation(incarnation)
                .force(true); // also the last one has to go when its process does
        try {
            return drains.get().drain(service, List.of(id), terms).stream().findFirst();
        } catch (RefusedException e) {
            if (e.reason() == RefusedException.Reason.OTHER_ORDER) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** How it ended; empty if there has to be another order, as somebody took his back, or nobody takes over. */
    private Optional<DrainResult> follow(Drain given) throws InterruptedException, IOException {
        boolean unwanted;
        synchronized (this) {
            drain = given;
            unwanted = cancelled;
        }
        if (unwanted) {
            given.cancel();
            return Optional.of(new DrainResult.Ended("the order was taken back"));
        }
        while (true) {
            Verdict verdict = given.await(LOOK_EVERY).verdict();
            if (verdict instanceof Verdict.Quiet quiet) {
                return Optional.of(new DrainResult.Quiet(quiet.proofs()));
            } else if (verdict instanceof Verdict.Ended ended) {
                return isOver(given, ended) ? Optional.of(new DrainResult.Ended(ended.detail())) : Optional.empty();
            } else if (verdict instanceof Verdict.Waiting waiting) {
                if (waiting.holds().stream().anyMatch(hold -> hold.kind() == Hold.Kind.NO_AGENTS)) {
                    return Optional.of(withoutAgents(given, waiting));
                }
                settle(new DrainResult.Waiting(waiting.holds()));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private boolean isOver(Drain given, Verdict.Ended ended) {
        return switch (ended.why()) {
            case SUCCESSOR_LOST -> false;
            case CANCELLED -> given.order().by().equals(by());
            case GONE, RESTARTED -> true;
        };
    }

    private String by() {
        return "registrar of " + registration.name();
    }

    /** Nobody would obey the order, and nobody would remove it. */
    private DrainResult withoutAgents(Drain given, Verdict.Waiting waiting) {
        DrainResult end = fallBack(waiting.text());
        try {
            if (!given.adopted()) {
                given.cancel();
            }
        } catch (IOException e) {
            log.warn("{}: the order to drain was not taken back: {}", registration.name(), e.getMessage());
        }
        return end;
    }

    private DrainResult fallBack(String why) {
        try {
            registration.setState(State.DRAINING);
            synchronized (this) {
                fallenBack = true;
            }
        } catch (IllegalStateException e) {
            // it leaves already, which says more
        }
        return new DrainResult.Unproven(why);
    }

    private synchronized void settle(DrainResult now) {
        result = now;
        notifyAll();
    }
}
