package io.rollcall.deploy.soak;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Listens for a while where a backend was that is gone, and counts who still comes. */
final class Trap implements AutoCloseable {
    private static final Duration OPEN = Duration.ofSeconds(5);

    private final ExecutorService listeners = Executors.newCachedThreadPool();
    private final AtomicLong set = new AtomicLong();
    private final AtomicLong caught = new AtomicLong();

    /** At {@code address:port}, from now on. Nobody is answered. */
    void set(String ip, int port) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.bind(new InetSocketAddress(InetAddress.getByName(ip), port));
        } catch (BindException e) {
            server.close(); // a new backend was given the port already
            return;
        }
        set.incrementAndGet();
        listeners.execute(() -> listen(server));
    }

    private void listen(ServerSocket server) {
        long begin = System.nanoTime();
        try (server) {
            long rest = OPEN.toMillis();
            while (rest > 0) {
                server.setSoTimeout((int) rest);
                server.accept().close();
                caught.incrementAndGet();
                rest = OPEN.toMillis() - (System.nanoTime() - begin) / 1_000_000;
            }
        } catch (SocketTimeoutException e) {
            return; // nobody came
        } catch (IOException e) {
            System.err.println("trap: " + e);
        }
    }

    long set() {
        return set.get();
    }

    long caught() {
        return caught.get();
    }

    /** Waits for those that are set. */
    @Override
    public void close() {
        listeners.shutdown();
        try {
            listeners.awaitTermination(OPEN.toSeconds() * 2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
