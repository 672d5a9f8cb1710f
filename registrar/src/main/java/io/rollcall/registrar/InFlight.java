package io.rollcall.registrar;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the requests that a server is at, so that somebody who drains it knows when the last one is through. One per server; given
 * to {@link Registrar#register(Backend, InFlight)}, and to a filter of {@code io.rollcall.registrar.http} or to whoever sees requests
 * begin and end. Lock-free; safe for any thread.
 *
 * <pre>{@code
 * try (InFlight.Request request = inFlight.enter()) {
 *     ...
 * }
 * }</pre>
 */
public final class InFlight {
    /** One request that is counted, until it is closed; to close it twice is no harm. */
    public static final class Request implements AutoCloseable {
        private final InFlight counter;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Request(InFlight counter) {
            this.counter = counter;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                counter.ended.incrementAndGet();
            }
        }
    }

    /** What was seen at one moment: how many have ever begun, and how many of those were open. */
    record Reading(long begun, long open) {}

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicInteger drains = new AtomicInteger();
    private final AtomicBoolean incomplete = new AtomicBoolean();

    public Request enter() {
        begun.incrementAndGet();
        return new Request(this);
    }

    /** How many are open now. */
    public long count() {
        return reading().open();
    }

    /** Whether the backend is to get no new requests: it is ordered to drain, or leaves. Those that come all the same are served. */
    public boolean isDraining() {
        return drains.get() > 0;
    }

    /**
     * Says that something has begun whose end nobody tells: a connection that was handed over to another protocol. From then on the count is no
     * evidence that nothing is open, and whoever drains this backend relies on connections instead.
     */
    public void incomplete() {
        incomplete.set(true);
    }

    boolean isIncomplete() {
        return incomplete.get();
    }

    /** One of the registrations that have this counter starts or stops draining. */
    void drain(boolean on) {
        drains.addAndGet(on ? 1 : -1);
    }

    /**
     * Two readings that are alike and have none open tell that there was none at any time between them: what is read as ended was read first, so the
     * open ones are never too few.
     */
    Reading reading() {
        long endedBefore = ended.get();
        long begunAfter = begun.get();
        return new Reading(begunAfter, begunAfter - endedBefore);
    }
}
