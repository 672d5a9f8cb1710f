package io.rollcall.drain;

import io.rollcall.registry.Order;
import io.rollcall.registry.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An order that stands, and the wait for it. The order outlives this object and its process; who gives the same order again goes on
 * waiting. Safe for any thread.
 */
public final class Drain {
    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final Engine engine;
    private final Order order;
    private final String target;
    private final boolean adopted;
    private final List<Consumer<Progress>> listeners = new CopyOnWriteArrayList<>();
    private final long czxid;
    private Goal goal; // engine's thread only
    private Progress progress; // guarded by this
    private boolean closed; // guarded by this

    Drain(Engine engine, Goal goal, boolean adopted, String target) {
        this.engine = engine;
        this.goal = goal;
        this.order = goal.order();
        this.czxid = goal.czxid();
        this.target = target;
        this.adopted = adopted;
        this.progress = new Progress(
                goal.service(),
                goal.backend(),
                Optional.of(order),
                new Verdict.Waiting(List.of()),
                List.of(),
                Optional.empty());
    }

    public String service() {
        return progress().service();
    }

    /** The id of the backend that is drained. */
    public String backend() {
        return progress().backend();
    }

    /** {@code address:port} of the backend. */
    public String target() {
        return target;
    }

    /** The order as it stood when the waiting began. */
    public Order order() {
        return order;
    }

    /** Whether it stood already: {@link Order#by} tells who gave it, {@link Order#at} when. */
    public boolean adopted() {
        return adopted;
    }

    public synchronized Progress progress() {
        return progress;
    }

    /** Waits until the verdict is final, at most {@code patience}; the verdict tells which. The order stands either way. */
    public synchronized Progress await(Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        while (!progress.verdict().isFinal() && !closed) {
            long rest = patience.toNanos() - (System.nanoTime() - start);
            if (rest <= 0) {
                break;
            }
            wait(rest / 1_000_000, (int) (rest % 1_000_000));
        }
        return progress;
    }

    /** Hears of each change from now on, and of what is now, on one thread that it must not hold up. */
    public void onProgress(Consumer<Progress> listener) {
        engine.run(() -> {
            listeners.add(listener);
            tell(listener, progress());
        });
    }

    /** Takes the order back: the backend gets requests again. False if it had ended already. */
    public boolean cancel() throws IOException {
        Progress now = progress();
        return engine.withCalls(calls -> engine.desk(calls).remove(now.service(), now.backend(), czxid, -1));
    }

    long czxid() {
        return czxid;
    }

    /** Whether what happened at {@code path} may change the verdict. */
    boolean concerns(String path) {
        String about = engine.serviceAt(path);
        return about.isEmpty() || about.equals(service());
    }

    /** Reads and judges anew. Engine's thread only, once it follows this. */
    void look() {
        Progress before = progress();
        if (before.verdict().isFinal()) {
            return;
        }
        try {
            publish(before, engine.once(this::judged));
        } catch (LostConnectionException e) {
            publish(before, blind(before, "no connection to ZooKeeper: nothing is known at the moment"));
        } catch (IOException e) {
            publish(before, blind(before, String.valueOf(e.getMessage())));
        }
    }

    private static Progress blind(Progress before, String why) {
        return before.with(new Verdict.Waiting(List.of(Hold.of(Hold.Kind.NO_ZOOKEEPER, "", why))));
    }

    private Progress judged(Calls calls) throws IOException {
        OrderDesk desk = engine.desk(calls);
        while (true) {
            Reading seen = engine.reader(calls).read(goal.service(), goal.backend(), goal.to());
            noteGoodbye(seen);
            Progress now = Judge.judge(goal, seen);
            boolean changed;
            if (Judge.mayDrain(now)) {
                changed =
                        desk.drain(goal.service(), goal.backend(), seen.order().orElseThrow());
            } else if (now.verdict() instanceof Verdict.Ended end
                    && end.why() == Verdict.Why.SUCCESSOR_LOST
                    && now.order().isPresent()) {
                // Back to the old backend at once: better one that somebody wanted to stop than none.
                Reading.Standing standing = seen.order().orElseThrow();
                if (desk.remove(goal.service(), goal.backend(), standing.czxid(), standing.version())) {
                    return now;
                }
                changed = true;
            } else {
                return now;
            }
            log.debug("{}/{}: {}", goal.service(), goal.backend(), changed ? "drained now" : "somebody was faster");
        }
    }

    private void noteGoodbye(Reading seen) {
        Member member = seen.members().get(goal.backend());
        if (member != null) {
            goal = goal.withLeft(member.instance().state() == State.LEFT);
        }
    }

    private void publish(Progress before, Progress now) {
        if (now.equals(before)) {
            return;
        }
        synchronized (this) {
            progress = now;
            notifyAll();
        }
        listeners.forEach(listener -> tell(listener, now));
    }

    private static void tell(Consumer<Progress> listener, Progress now) {
        try {
            listener.accept(now);
        } catch (RuntimeException e) {
            log.warn("a listener failed", e);
        }
    }

    /** Nobody looks any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
