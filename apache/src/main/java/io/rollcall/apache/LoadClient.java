package io.rollcall.apache;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Load on an httpd over kept-alive connections, from one thread, so that it costs little beside what it measures. Each answer must be
 * a 2xx that names the service asked for and a backend of it; everything else is a failure with a time and a reason.
 *
 * <p>At a constant rate a request counts from when it was due, so that a stall shows in full. In a closed loop each connection asks
 * again as soon as it was answered.
 */
public final class LoadClient implements AutoCloseable {
    /**
     * One kind of request. The answer must come from {@code service}.
     *
     * @param alone whether it has a connection of its own, which ends with it; else one is kept and shared
     */
    public record Ask(String method, String host, String target, String body, String service, boolean alone) {

        /** A request that the service of the same name is to answer; a POST carries a few bytes. */
        public static Ask of(String method, String host, String target) {
            return new Ask(method, host, target, method.equals("POST") ? "some=body&more=of+it" : "", host, false);
        }

        /** The same, where the virtual host names its service. */
        public Ask answeredBy(String name) {
            return new Ask(method, host, target, body, name, alone);
        }

        /**
         * The same on a connection of its own: a server may end a kept one at the moment when a request is sent on it, which
         * loses a POST, since no client may repeat that.
         */
        public Ask onItsOwn() {
            return new Ask(method, host, target, body, service, true);
        }
    }

    /**
     * One request and what became of it; times by {@link System#nanoTime}.
     *
     * @param status 0 if there was no answer
     * @param service as the answer says, or empty
     * @param backend as the answer says, or empty
     * @param reason why it failed, or empty
     */
    public record Exchange(
            Ask ask, long askedNanos, long endedNanos, int status, String service, String backend, String reason) {

        public boolean good() {
            return reason.isEmpty();
        }
    }

    private static final long TIMEOUT_NANOS = Duration.ofSeconds(15).toNanos();
    private static final int WAITING_LIMIT = 100_000;
    private static final long PACE_NANOS = 50_000;

    private final InetSocketAddress address;
    private final List<LoadConnection.Prepared> asks;
    private final int connections;
    private final OptionalDouble rate;
    private final LoadTally tally;
    private final Thread thread;
    private final Deque<LoadConnection> idle = new ArrayDeque<>();
    private final List<LoadConnection> all = new ArrayList<>();
    private final Deque<Long> waiting = new ArrayDeque<>();
    private long issued; // by the one thread
    private int turn; // by the one thread
    private volatile boolean stopped; // by whoever closes

    private LoadClient(
            InetSocketAddress address,
            List<Ask> asks,
            int connections,
            OptionalDouble rate,
            Consumer<Exchange> observer)
            throws IOException {
        this.address = address;
        this.asks = asks.stream().map(LoadConnection.Prepared::of).toList();
        this.connections = connections;
        this.rate = rate;
        this.tally = new LoadTally(observer);
        this.thread = new Thread(this::run, "load");
        thread.setDaemon(true);
        if (asks.isEmpty() || connections < 1) {
            throw new IllegalArgumentException("load needs at least one kind of request and one connection");
        }
    }

    /** Starts load at so many requests a second, asked in turn, on at most so many connections. */
    public static LoadClient atRate(double perSecond, int port, int connections, List<Ask> asks) throws IOException {
        return atRate(perSecond, port, connections, asks, exchange -> {});
    }

    /** The same, and tells of each request as it ends, on the load's own thread: the observer must be quick. */
    public static LoadClient atRate(
            double perSecond, int port, int connections, List<Ask> asks, Consumer<Exchange> observer)
            throws IOException {
        return atRate(perSecond, loopback(port), connections, asks, observer);
    }

    /** The same to an httpd elsewhere. */
    public static LoadClient atRate(
            double perSecond, InetSocketAddress to, int connections, List<Ask> asks, Consumer<Exchange> observer)
            throws IOException {
        return new LoadClient(to, asks, connections, OptionalDouble.of(perSecond), observer).start();
    }

    /** Starts as much load as so many connections can take, asked in turn. */
    public static LoadClient closedLoop(int port, int connections, List<Ask> asks) throws IOException {
        return new LoadClient(loopback(port), asks, connections, OptionalDouble.empty(), exchange -> {}).start();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(Ports.loopback(), port);
    }

    /** What has happened so far. */
    public LoadReport report() {
        return tally.report();
    }

    /** Asks nothing more, waits for what is on its way, and tells what happened in all. */
    public LoadReport stop() throws InterruptedException {
        stopped = true;
        thread.join();
        return tally.report();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LoadClient start() {
        tally.begin();
        thread.start();
        return this;
    }

    private void run() {
        try (Selector selector = Selector.open()) {
            long begin = System.nanoTime();
            for (int i = 0; i < connections; i++) {
                LoadConnection connection = new LoadConnection(selector, address, tally);
                all.add(connection);
                idle.add(connection);
            }
            long nextSweep = begin;
            while (!stopped || idle.size() < connections) {
                long now = System.nanoTime();
                issue(begin, now);
                if (now - nextSweep >= 0) {
                    sweep(now);
                    nextSweep = now + 100_000_000L;
                }
                await(selector, begin);
            }
        } catch (IOException e) {
            tally.failed(System.nanoTime(), "the load client itself: " + e);
        } finally {
            all.forEach(LoadConnection::drop);
            tally.end();
        }
    }

    /** Until something is there or due. A select cannot wait for less than a millisecond, which would count as delay. */
    private void await(Selector selector, long begin) throws IOException {
        long rest = stopped || rate.isEmpty() ? Long.MAX_VALUE : due(begin) - System.nanoTime();
        if (rest >= 1_000_000) {
            selector.select(this::ready, 1);
        } else {
            selector.selectNow(this::ready);
            LockSupport.parkNanos(Math.min(rest, PACE_NANOS));
        }
    }

    /** When the next request is to be sent. */
    private long due(long begin) {
        return begin + (long) (issued * 1e9 / rate.orElseThrow());
    }

    private void issue(long begin, long now) {
        if (stopped) {
            return;
        }
        if (rate.isEmpty()) {
            for (int i = idle.size(); i > 0; i--) { // once each: one that is refused is idle again at once
                ask(now);
            }
            return;
        }
        for (long due = due(begin); due <= now; issued++, due = due(begin)) {
            if (waiting.size() < WAITING_LIMIT) {
                waiting.add(due);
            } else {
                tally.failed(now, "not sent: " + WAITING_LIMIT + " requests are waiting for a connection");
            }
        }
        while (!waiting.isEmpty() && !idle.isEmpty()) {
            ask(waiting.removeFirst());
        }
    }

    private void ask(long dueNanos) {
        // The youngest connection first: the others may rest, as a client's would.
        LoadConnection connection = idle.removeLast();
        connection.ask(asks.get(turn), dueNanos);
        turn = (turn + 1) % asks.size();
        if (connection.isIdle()) {
            idle.addFirst(connection); // refused at once
        }
    }

    private void ready(SelectionKey key) {
        LoadConnection connection = (LoadConnection) key.attachment();
        boolean busy = !connection.isIdle();
        connection.ready();
        if (busy && connection.isIdle()) {
            if (rate.isEmpty() && !stopped) {
                idle.addLast(connection);
                ask(System.nanoTime());
            } else {
                idle.addLast(connection);
            }
        }
    }

    private void sweep(long now) {
        for (LoadConnection connection : all) {
            if (!connection.isIdle() && now - connection.askedNanos() > TIMEOUT_NANOS) {
                connection.fail("no answer within 15 s");
                idle.addFirst(connection);
            }
        }
    }
}
