package io.rollcall.bench.load;

import io.rollcall.apache.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** One kept-alive connection that asks one request at a time and waits for its answer. */
public final class Asker implements AutoCloseable {
    /**
     * An answer.
     *
     * @param backend that says it answered; empty if the status is not 200
     * @param askedNanos when the request was sent, by {@link System#nanoTime}
     * @param endedNanos when the answer was there
     */
    public record Answer(Optional<String> backend, long askedNanos, long endedNanos) {}

    private final Socket socket;
    private final BufferedReader in;
    private boolean usable = true;

    public Asker(int port) throws IOException {
        socket = new Socket(Ports.loopback(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** Whether the server keeps the connection for another request. */
    public boolean usable() {
        return usable;
    }

    public Answer ask(String name) throws IOException {
        long asked = System.nanoTime();
        byte[] request = ("GET /item?n=1 HTTP/1.1\r\nHost: " + name + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        socket.getOutputStream().write(request);
        String status = in.readLine();
        if (status == null) {
            usable = false;
            throw new IOException("closed");
        }
        int length = -1;
        Optional<String> backend = Optional.empty();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            } else if (lower.startsWith("x-backend:")) {
                backend = Optional.of(lower.substring(10).strip());
            } else if (lower.equals("connection: close")) {
                usable = false;
            }
        }
        for (int i = 0; i < length && in.read() >= 0; i++) {}
        usable &= length >= 0;
        return new Answer(status.startsWith("HTTP/1.1 200") ? backend : Optional.empty(), asked, System.nanoTime());
    }

    /** Asks on a connection of its own; empty if there is no good answer. */
    public static Optional<String> once(int port, String name) {
        try (Asker asker = new Asker(port)) {
            return asker.ask(name).backend();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
