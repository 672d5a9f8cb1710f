package io.rollcall.bench.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Each of some backends changes once a second, in turn, spread over the second. */
public final class EachSecond implements AutoCloseable {
    /** One change, which does not wait until it is made. */
    @FunctionalInterface
    public interface Change {
        void of(int backend) throws Exception;
    }

    private final int backends;
    private final Change change;
    private final Thread thread = new Thread(this::run, "each-second");
    private final AtomicLong made = new AtomicLong(); // by the thread
    private volatile boolean stopped;
    private volatile String failure = "";

    private EachSecond(int backends, Change change) {
        this.backends = backends;
        this.change = change;
        thread.setDaemon(true);
    }

    public static EachSecond start(int backends, Change change) {
        EachSecond all = new EachSecond(backends, change);
        all.thread.start();
        return all;
    }

    /** Changes so far. */
    public long made() {
        return made.get();
    }

    /** Why there are no more; empty if there are. */
    public String failure() {
        return failure;
    }

    private void run() {
        long begin = System.nanoTime();
        try {
            while (!stopped) {
                change.of((int) (made.get() % backends));
                long due = begin + made.incrementAndGet() * TimeUnit.SECONDS.toNanos(1) / backends;
                while (!stopped && due - System.nanoTime() > 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
        } catch (Exception e) {
            failure = e.toString();
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
