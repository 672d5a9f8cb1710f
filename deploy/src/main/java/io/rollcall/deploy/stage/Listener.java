package io.rollcall.deploy.stage;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** Accepts connections at one port of every loopback address, and lets the other side end them: many backends that probes find alive. */
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int PATIENCE_MILLIS = 100;

    private final ServerSocket server;

    public Listener() throws IOException {
        server = new ServerSocket(0, BACKLOG);
        Thread thread = new Thread(this::accept, "listener");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** One of some 60,000. */
    public static String address(int number) {
        return "127.0." + (1 + number / 250) + "." + (1 + number % 250);
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                // A reset would look like a refusal to one who is still connecting.
                connection.setSoTimeout(PATIENCE_MILLIS);
                connection.getInputStream().read();
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
