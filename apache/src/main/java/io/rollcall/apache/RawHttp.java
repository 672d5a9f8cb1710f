package io.rollcall.apache;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** One client connection that sends exactly the bytes it is given, well formed or not. */
public final class RawHttp implements AutoCloseable {
    private static final int TIMEOUT_MS = 30_000;

    private final Socket socket;
    private final InputStream in;

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to a port on 127.0.0.1. */
    public static RawHttp connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress(Ports.loopback(), port), TIMEOUT_MS);
        return new RawHttp(socket);
    }

    /** Sends one request on a connection of its own; each char is one byte (ISO-8859-1). */
    public static HttpMessage exchange(int port, String request) throws IOException {
        try (RawHttp http = connect(port)) {
            http.send(request);
            return http.read(request.startsWith("HEAD "))
                    .orElseThrow(() -> new IOException("connection closed without an answer"));
        }
    }

    /** Sends a GET for a request target, as it is, to a host name. */
    public static HttpMessage get(int port, String host, String target) throws IOException {
        return exchange(port, request("GET", host, target));
    }

    /**
     * The text of a request without a body on a connection that ends with it.
     *
     * @param headers further header lines, each without its line end
     */
    public static String request(String method, String host, String target, String... headers) {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        boolean said = text.toString().toLowerCase(Locale.ROOT).contains("\nconnection:");
        return text.append(said ? "\r\n" : "Connection: close\r\n\r\n").toString();
    }

    /** Sends these bytes; each char is one. */
    public void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads one response, or nothing where the peer closed instead. */
    public Optional<HttpMessage> read(boolean toHead) throws IOException {
        return HttpMessage.read(in, true, toHead);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
