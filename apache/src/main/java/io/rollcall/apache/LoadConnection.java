package io.rollcall.apache;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One kept-alive connection of a {@link LoadClient}; asks one request at a time. Used by the client's thread alone. */
final class LoadConnection {
    private static final int LIMIT = 1 << 20;

    /** A request whose bytes are ready to be sent. */
    record Prepared(LoadClient.Ask ask, ByteBuffer bytes) {
        static Prepared of(LoadClient.Ask ask) {
            String length =
                    ask.body().isEmpty() ? "" : "Content-Length: " + ask.body().length() + "\r\n";
            String text = ask.method() + " " + ask.target() + " HTTP/1.1\r\nHost: " + ask.host() + "\r\n" + length
                    + (ask.alone() ? "Connection: close\r\n" : "")
                    + "\r\n" + ask.body();
            return new Prepared(ask, ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        }

        String name() {
            return ask.method() + " " + ask.host() + ask.target();
        }
    }

    private final Selector selector;
    private final InetSocketAddress address;
    private final LoadTally tally;
    private ByteBuffer input = ByteBuffer.allocate(4096);
    private @Nullable SocketChannel channel;
    private @Nullable Prepared current;
    private boolean fresh;
    private long dueNanos;
    private long askedNanos;
    private long answered; // on this TCP connection

    LoadConnection(Selector selector, InetSocketAddress address, LoadTally tally) {
        this.selector = selector;
        this.address = address;
        this.tally = tally;
    }

    boolean isIdle() {
        return current == null;
    }

    long askedNanos() {
        return askedNanos;
    }

    void ask(Prepared request, long due) {
        current = request;
        dueNanos = due;
        askedNanos = System.nanoTime();
        input.clear();
        if (request.ask().alone()) {
            drop();
        }
        try {
            SocketChannel to = channel;
            if (to == null) {
                to = SocketChannel.open();
                channel = to;
                to.setOption(StandardSocketOptions.TCP_NODELAY, true);
                to.connect(address); // loopback: at once, or refused
                to.configureBlocking(false);
                to.register(selector, SelectionKey.OP_READ, this);
                answered = 0;
            }
            fresh = answered == 0;
            ByteBuffer bytes = request.bytes().duplicate();
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            fail("cannot send: " + e.getMessage());
        }
    }

    void ready() {
        SocketChannel from = channel;
        if (from == null) {
            return;
        }
        try {
            int read = from.read(input);
            if (current == null) {
                if (read != 0) {
                    drop(); // the server ended an idle connection, as it may
                }
                return;
            }
            if (read < 0) {
                ended();
                return;
            }
            parse();
        } catch (IOException e) {
            fail("connection broke: " + e.getMessage());
        }
    }

    void fail(String reason) {
        Prepared failed = current;
        current = null;
        drop();
        if (failed != null) {
            tally.unanswered(
                    failed, reason + (fresh ? " (new connection)" : " (after " + answered + " answers)"), askedNanos);
        }
    }

    void drop() {
        SocketChannel old = channel;
        channel = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                return; // gone either way
            }
        }
    }

    /**
     * The server may end a kept-alive connection at the moment a request is sent on it; a client then asks again if the method is
     * idempotent (RFC 9110, 9.2.2), which no browser shows its user.
     */
    private void ended() {
        Prepared request = current;
        if (request != null
                && !fresh
                && input.position() == 0
                && !request.ask().method().equals("POST")) {
            tally.askedAgain();
            long due = dueNanos;
            drop();
            ask(request, due);
            return;
        }
        fail("connection closed after " + input.position() + " bytes of an answer");
    }

    private void parse() {
        Prepared request = current;
        int end = headEnd();
        if (request == null || end < 0) {
            grow();
            return;
        }
        String head = new String(input.array(), 0, end, StandardCharsets.ISO_8859_1);
        String lengthText = header(head, "content-length");
        boolean bodiless = request.ask().method().equals("HEAD");
        if (lengthText.isEmpty() && !bodiless) {
            fail("an answer without Content-Length: " + head.lines().findFirst().orElse(""));
            return;
        }
        int length = bodiless ? 0 : Integer.parseInt(lengthText);
        if (input.position() < end + length) {
            grow();
            return;
        }
        answered++;
        current = null;
        if (header(head, "connection").equalsIgnoreCase("close")) {
            drop();
        }
        int status = Integer.parseInt(head.substring(9, 12));
        tally.answered(
                request,
                status,
                header(head, "x-service"),
                header(head, "x-backend"),
                dueNanos,
                askedNanos,
                System.nanoTime());
    }

    private void grow() {
        if (!input.hasRemaining()) {
            if (input.capacity() >= LIMIT) {
                fail("an answer of more than " + LIMIT + " bytes");
                return;
            }
            ByteBuffer larger = ByteBuffer.allocate(input.capacity() * 2);
            input.flip();
            larger.put(input);
            input = larger;
        }
    }

    private int headEnd() {
        byte[] bytes = input.array();
        for (int i = 3; i < input.position(); i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private static String header(String head, String name) {
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("\r\n" + name + ":");
        if (at < 0) {
            return "";
        }
        int from = at + name.length() + 3;
        return head.substring(from, head.indexOf("\r\n", from)).strip();
    }
}
