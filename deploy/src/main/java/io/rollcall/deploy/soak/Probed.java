package io.rollcall.deploy.soak;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Backends at one port of every loopback address that do nothing but notice when they are probed. */
final class Probed implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int PATIENCE_MILLIS = 100;

    private final ServerSocket server;
    private final BlockingQueue<Long> probes = new LinkedBlockingQueue<>();

    Probed() throws IOException {
        server = new ServerSocket(0, BACKLOG);
        Thread thread = new Thread(this::accept, "probed");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** When the next probe came after this moment, by {@link System#nanoTime}; 0 if there was none for so long. */
    long next(long after, Duration limit) throws InterruptedException {
        while (true) {
            Long probe = probes.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (probe == null) {
                return 0;
            }
            if (probe - after >= 0) {
                return probe;
            }
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                probes.add(System.nanoTime());
                connection.setSoTimeout(PATIENCE_MILLIS);
                connection.getInputStream().read(); // a reset would look like a refusal to one who is still connecting
            } catch (IOException e) {
                // the other side was faster, or this is closed
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
