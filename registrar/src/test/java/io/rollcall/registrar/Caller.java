package io.rollcall.registrar;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection of a client that reads what comes, byte for byte: whether it stays open is what is asked. */
final class Caller implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Caller(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** Asks and does not wait. */
    Caller ask(String path) throws IOException {
        return ask(path, "");
    }

    /** With a header line more, that ends as such a line does. */
    Caller ask(String path, String header) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: shop.example.com\r\n" + header + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** The status line and the headers, in lower case. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line.toLowerCase(java.util.Locale.ROOT)).append('\n');
        }
        return head.toString();
    }

    /** The rest, until the server closes the connection. */
    String untilTheEnd() throws IOException {
        StringBuilder rest = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            rest.append((char) next);
        }
        return rest.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
