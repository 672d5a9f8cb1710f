package io.rollcall.deploy.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes lines as httpd logs its requests, so many a second from a thread of its own: each with one write to whatever log is given at
 * that moment. Those who write here and there share the count.
 */
final class LineWriter implements AutoCloseable {
    /** Where a line goes. */
    interface Sink {
        void write(byte[] line) throws IOException;
    }

    private static final int AT_ONCE = 20;

    private final double perSecond;
    private final String service;
    private final List<String> backends;
    private final Sink sink;
    private final AtomicLong written = new AtomicLong();
    private final Samples longest = new Samples();
    private final Thread thread = new Thread(this::run, "lines");
    private volatile boolean stopped; // by whoever closes
    private volatile String trouble = ""; // by the thread

    private LineWriter(double perSecond, String service, List<String> backends, Sink sink) {
        this.perSecond = perSecond;
        this.service = service;
        this.backends = List.copyOf(backends);
        this.sink = sink;
    }

    static LineWriter start(double perSecond, String service, List<String> backends, Sink sink) {
        LineWriter writer = new LineWriter(perSecond, service, backends, sink);
        writer.thread.setDaemon(true);
        writer.thread.start();
        return writer;
    }

    /** A line of its own between the others: a connection to the backend could not be made. */
    void refused(String backend) throws IOException {
        sink.write(line(service, backend, 503, "-"));
        written.incrementAndGet();
    }

    /** How many lines so far. */
    long written() {
        return written.get();
    }

    /** The longest write of each second, in nanoseconds. */
    Samples longest() {
        return longest;
    }

    private void run() {
        long begin = System.nanoTime();
        long second = begin;
        long most = 0;
        long due = 0;
        try {
            while (!stopped) {
                for (int i = 0; i < AT_ONCE; i++) {
                    byte[] line = line(service, backends.get((int) (due++ % backends.size())), 200, "40000");
                    long before = System.nanoTime();
                    sink.write(line);
                    most = Math.max(most, System.nanoTime() - before);
                    written.incrementAndGet();
                }
                long now = System.nanoTime();
                if (now - second >= 1_000_000_000L) {
                    longest.addNanos(most);
                    most = 0;
                    second = now;
                }
                LockSupport.parkNanos(begin + (long) (due * 1e9 / perSecond) - now);
            }
        } catch (IOException e) {
            trouble = e.toString();
        }
    }

    /** As rollcall.conf has it. */
    private static byte[] line(String service, String backend, int status, String port) {
        long micros = System.nanoTime() / 1000; // no two lines have the same
        long end = System.currentTimeMillis() * 1000;
        return ("aSGl" + Long.toString(micros, 36) + "AAEAAAAB " + service + ' ' + backend + ' ' + backend + ' '
                        + status + ' ' + status + ' ' + port + ' ' + port + " 5213 1 4711 " + end + '\n')
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Writes no more. Fails if it could not write all the time. */
    void stop() throws IOException {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!trouble.isEmpty()) {
            throw new IOException("lines could not be written: " + trouble);
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
