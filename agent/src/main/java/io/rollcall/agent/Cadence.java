package io.rollcall.agent;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * When something is done that changes ask for: at once after a quiet time, and otherwise no sooner than some time after the last time,
 * for all that came meanwhile.
 */
final class Cadence {
    /** Has it done later, by the one thread that does it. */
    interface Later {
        void after(Duration delay, Runnable task);
    }

    private final long every;
    private final LongSupplier nanos;
    private final Later later;
    private final Runnable task;
    private final AtomicBoolean due = new AtomicBoolean();
    private volatile long next; // by the one thread
    private long last; // by the one thread
    private boolean quiet; // by the one thread: before the last time

    /**
     * Nothing is asked for yet.
     *
     * @param every least time between two times
     * @param task tells when it {@link #begins}
     */
    Cadence(Duration every, LongSupplier nanos, Later later, Runnable task) {
        this.every = every.toNanos();
        this.nanos = nanos;
        this.later = later;
        this.task = task;
        this.next = nanos.getAsLong();
        this.last = next - this.every - 1;
    }

    /** Something changed. Any thread may say so. */
    void changed() {
        if (due.compareAndSet(false, true)) {
            soon();
        }
    }

    /** It is done now, with all that has changed so far. */
    void begins() {
        due.set(false);
        long now = nanos.getAsLong();
        quiet = now - last > every;
        last = now;
        next = now + every;
    }

    /**
     * It made no difference to those whom it is for. So after a quiet time what comes next is done at once, and otherwise after as much
     * time as this took: no more than half of the time goes into it.
     */
    void madeNoDifference() {
        long took = nanos.getAsLong() - last;
        next = last + (quiet ? took : 2 * took);
        if (due.get()) { // said meanwhile, when that was to be later
            soon();
        }
    }

    private void soon() {
        later.after(Duration.ofNanos(Math.max(0, next - nanos.getAsLong())), task);
    }
}
