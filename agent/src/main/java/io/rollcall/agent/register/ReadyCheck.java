package io.rollcall.agent.register;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** How to tell that a server is ready for requests. */
public sealed interface ReadyCheck {
    /** It accepts connections. */
    record Tcp() implements ReadyCheck {
        @Override
        public String toString() {
            return "tcp";
        }
    }

    /** It answers a GET with a status from 200 to 399. */
    record Http(String path) implements ReadyCheck {
        @Override
        public String toString() {
            return "http:" + path;
        }
    }

    /** {@code tcp} or {@code http:/path}. */
    static ReadyCheck parse(String text) {
        if (text.equals("tcp")) {
            return new Tcp();
        }
        if (text.matches("http:/[\\x21-\\x7e]*")) {
            return new Http(text.substring("http:".length()));
        }
        throw new IllegalArgumentException("'" + text + "' (expected: tcp or http:/path)");
    }

    /** Asks once, for at most {@code patience} per step; what is wrong, or empty if it is ready. */
    default Optional<String> ask(InetSocketAddress server, String host, Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(millis);
            socket.connect(server, millis);
            return this instanceof Http http ? get(socket, http.path(), host) : Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> get(Socket socket, String path, String host) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: rollcall-register\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), 256);
        char[] start = new char["HTTP/1.1 200".length()];
        int length = 0;
        for (int more = 0; more >= 0 && length < start.length; length += Math.max(0, more)) {
            more = answer.read(start, length, start.length - length);
        }
        String status = new String(start, 0, length);
        return status.matches("HTTP/1\\.[01] [23]\\d\\d")
                ? Optional.empty()
                : Optional.of("answers '" + status.replaceAll("\\p{Cntrl}", "?") + "'");
    }
}
