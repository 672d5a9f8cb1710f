package io.rollcall.registrar;

import io.rollcall.drain.Drains;
import io.rollcall.registry.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A backend that a {@link Registrar} keeps in the tree. Changes return at once; they are written as soon as ZooKeeper is there, the
 * latest only, and tried until they are. Safe for any thread.
 */
public final class Registration implements AutoCloseable {
    /** How long a leave waits for ZooKeeper to hear of it. */
    static final Duration TELLING = Duration.ofSeconds(1);

    private final Backend backend;
    private final NodeData data;
    private final Board board;
    private final NodeKeeper keeper;
    private final OrderWatch orders;
    private final Optional<InFlight> inFlight;
    private final Loop loop;
    private final Supplier<Drains> drains;
    private @Nullable SelfDrain selfDrain; // guarded by this

    Registration(
            Backend backend,
            NodeData data,
            Board board,
            NodeKeeper keeper,
            OrderWatch orders,
            Optional<InFlight> inFlight,
            Loop loop,
            Supplier<Drains> drains) {
        this.backend = backend;
        this.data = data;
        this.board = board;
        this.keeper = keeper;
        this.orders = orders;
        this.inFlight = inFlight;
        this.loop = loop;
        this.drains = drains;
    }

    /** What was registered, as it was then. */
    public Backend backend() {
        return backend;
    }

    public Status status() {
        return board.status();
    }

    /** Share of new requests, 0..100; 0 gets none. {@link IllegalStateException} if it has left. */
    public void setWeight(int weight) {
        want(wanted -> wanted.withWeight(weight));
    }

    /** {@code UP}, {@code DRAINING} or {@code DOWN}; to leave, {@link #leave}. {@link IllegalStateException} if it has left. */
    public void setState(State state) {
        if (state == State.LEFT) {
            throw new IllegalArgumentException("state: 'left' (expected: up, draining or down; or call leave())");
        }
        want(wanted -> wanted.withState(state));
    }

    /**
     * Has {@code listener} told of orders to drain, at once if there is one now, on a daemon thread that all listeners of a registrar
     * share: one that takes long keeps the others waiting, and nothing else.
     */
    public void onDrain(DrainListener listener) {
        loop.run(() -> orders.add(listener));
    }

    /** Waits until the tree says what was last asked for; false if it does not within {@code patience}, or has left. */
    public boolean awaitRegistered(Duration patience) throws InterruptedException {
        return board.awaitRegistered(patience);
    }

    /**
     * Leaves, and returns when the server may stop: {@code left} is written, which takes the backend out of httpd's maps at once;
     * then the linger passes, in which the server has to go on serving what was already on its way; then the znode is deleted.
     *
     * <p>If ZooKeeper does not answer within 1 s there is nobody to wait for: it returns false, the backend stays in the maps until
     * its session times out, and the registrar goes on trying. Also false if the thread is interrupted, which stays set.
     */
    public boolean leave() {
        return leave(backend.linger());
    }

    private boolean leave(Duration linger) {
        startLeaving(linger);
        if (!awaitTold(TELLING)) {
            return false;
        }
        awaitGone(linger.plus(TELLING));
        return !Thread.currentThread().isInterrupted();
    }

    /** {@link #leave}. */
    @Override
    public void close() {
        leave();
    }

    /**
     * Drains, so that nothing new comes and what is open ends, waits for that until the deadline, and leaves. The result tells whether the
     * server could stop without harm; if that is proven, nothing lingers. Where nobody can prove it, the server's own count is waited for, if there is
     * one, and the linger passes.
     */
    public DrainResult close(Duration deadline) {
        DrainResult result =
                Farewell.drain(List.of(this), deadline).values().iterator().next();
        leave(lingerAfter(result));
        return result;
    }

    /** Whoever is quiet has nothing to linger for. */
    Duration lingerAfter(DrainResult result) {
        return result.isQuiet() ? Duration.ZERO : backend.linger();
    }

    /**
     * Orders the own backend to drain, as a monitor does, and returns at once: what is returned tells when no httpd sends anything any more
     * and nothing is open. It stays registered, and drained, until it leaves or the order is taken back. The one that is under way if there is one.
     */
    public synchronized SelfDrain drain() {
        if (selfDrain == null || selfDrain.result().isFinal()) {
            selfDrain = new SelfDrain(this, drains);
            selfDrain.start();
        }
        return selfDrain;
    }

    void startLeaving(Duration linger) {
        board.leave(linger);
        wake();
    }

    /** Whether the tree says within {@code patience} that it has left. */
    boolean awaitTold(Duration patience) {
        return await(keeper.told, patience);
    }

    boolean awaitGone(Duration patience) {
        return await(keeper.gone, patience);
    }

    String name() {
        return board.name();
    }

    Optional<InFlight> inFlight() {
        return inFlight;
    }

    NodeData data() {
        return data;
    }

    /** For the session and the periodic check, on the loop. */
    NodeKeeper keeper() {
        return keeper;
    }

    void abandon() {
        board.left();
        orders.release();
        synchronized (this) {
            if (selfDrain != null) {
                selfDrain.stop();
            }
        }
    }

    private void want(UnaryOperator<Wanted> change) {
        data.check(change.apply(board.wanted()));
        board.want(change);
        wake();
    }

    private void wake() {
        loop.run(() -> {
            orders.refresh();
            keeper.wake();
        });
    }

    private static boolean await(Future<Boolean> what, Duration patience) {
        try {
            return what.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
