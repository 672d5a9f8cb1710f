package io.rollcall.registrar;

import io.rollcall.registry.Order;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of one registration and what has come of it: where the threads of the application and the loop meet. Every change
 * of phase or error is logged once, here.
 */
final class Board {
    private static final Logger log = LoggerFactory.getLogger(Registration.class);

    private final String name;
    private final Clock clock;
    private Wanted wanted; // all fields are guarded by this
    private Status status;

    Board(String name, Wanted wanted, String error, Clock clock) {
        this.name = name;
        this.wanted = wanted;
        this.clock = clock;
        this.status = new Status(
                Phase.PENDING,
                clock.instant(),
                Optional.of(error),
                Optional.of(error),
                Optional.empty(),
                Optional.empty());
    }

    synchronized Wanted wanted() {
        return wanted;
    }

    synchronized Status status() {
        return status;
    }

    /** The application asks for something else. */
    synchronized void want(UnaryOperator<Wanted> change) {
        if (wanted.leaving()) {
            throw new IllegalStateException(name + " has left; register again");
        }
        wanted = change.apply(wanted);
        if (status.phase() == Phase.REGISTERED) {
            become(Phase.UPDATING, status.error(), status.node());
        }
    }

    synchronized void leave(Duration linger) {
        if (!wanted.leaving()) {
            wanted = wanted.withLinger(linger).left();
            become(Phase.LEAVING, status.error(), status.node());
        }
    }

    /** The tree says {@code inTree}. */
    synchronized void settled(Wanted inTree, String node) {
        Phase phase = wanted.leaving() ? Phase.LEAVING : wanted.equals(inTree) ? Phase.REGISTERED : Phase.UPDATING;
        become(phase, Optional.empty(), Optional.of(node));
    }

    synchronized void failed(String error) {
        become(status.phase(), Optional.of(error), status.node());
    }

    synchronized void suspended(String error) {
        // Not a line for every registration: the registrar tells once that the connection is gone.
        boolean inTree = status.phase() == Phase.REGISTERED || status.phase() == Phase.UPDATING;
        assume(inTree ? Phase.SUSPENDED : status.phase(), Optional.of(error), status.node());
    }

    synchronized void sessionLost(String error) {
        assume(wanted.leaving() ? Phase.LEAVING : Phase.PENDING, Optional.of(error), Optional.empty());
    }

    /** There is no znode any more, and there is to be one. */
    synchronized void absent(String error) {
        become(wanted.leaving() ? Phase.LEAVING : Phase.PENDING, Optional.of(error), Optional.empty());
    }

    /** The order to drain that it obeys is this one now; none if it obeys none. */
    synchronized void ordered(Optional<Order> order) {
        boolean was = status.order().isPresent();
        status = new Status(status.phase(), status.since(), status.error(), status.lastError(), status.node(), order);
        if (order.isPresent() && !was) {
            log.info("{} is to drain, by order of {}", name, order.get().by());
        } else if (order.isEmpty() && was) {
            log.info("{} is not to drain any more", name);
        }
    }

    String name() {
        return name;
    }

    synchronized void left() {
        become(Phase.LEFT, Optional.empty(), Optional.empty());
    }

    /** Whether the tree says within {@code patience} what was last asked for. */
    synchronized boolean awaitRegistered(Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        long most = patience.toNanos();
        while (status.phase() != Phase.REGISTERED) {
            long rest = most - (System.nanoTime() - start);
            if (rest <= 0 || wanted.leaving()) {
                return false;
            }
            wait(rest / 1_000_000, (int) (rest % 1_000_000));
        }
        return true;
    }

    private synchronized void become(Phase phase, Optional<String> error, Optional<String> node) {
        Status before = status;
        boolean moved = phase != before.phase();
        assume(phase, error, node);
        if (error.isPresent() && !error.equals(before.error())) {
            log.warn("{} is {}{}: {}", name, phase, moved ? " (was " + before.phase() + ")" : "", error.get());
        } else if (moved && phase != Phase.UPDATING && before.phase() != Phase.UPDATING) {
            log.info(
                    "{} is {} (was {}){}",
                    name,
                    phase,
                    before.phase(),
                    node.map(at -> " at " + at).orElse(""));
        }
    }

    private synchronized void assume(Phase phase, Optional<String> error, Optional<String> node) {
        Status before = status;
        Instant since = phase == before.phase() ? before.since() : clock.instant();
        status = new Status(phase, since, error, error.or(before::lastError), node, before.order());
        notifyAll();
    }
}
