package io.rollcall.apache;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A request in which the client takes its time: an upload in pieces, or a WebSocket that is used for a while. Each on a connection of
 * its own, by the thread that calls, and checked to its last byte.
 *
 * @param service that has to answer
 * @param pieces how many pieces, or messages, are sent
 * @param pause between two of them
 */
public record SlowRequest(Kind kind, String service, String target, int pieces, Duration pause) {
    /** What is slow. */
    public enum Kind {
        /** A POST whose body comes in pieces; the answer's header {@code X-Received} tells how many bytes came. */
        UPLOAD,
        /** Text messages, each of which has to come back before the next is sent, and a close that has to be answered. */
        WEB_SOCKET
    }

    /**
     * What became of one.
     *
     * @param backend as the answer says, or empty
     * @param reason why it failed, or empty
     */
    public record Outcome(SlowRequest request, String backend, String reason, long beganNanos, long endedNanos) {
        public boolean good() {
            return reason.isEmpty();
        }
    }

    private static final String HANDSHAKE = String.join(
            "\r\n",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");
    private static final int TIMEOUT_MS = 15_000;
    private static final int PIECE = 1000;
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;

    /** Does it, and tells what became of it. */
    public Outcome send(InetSocketAddress to) throws InterruptedException {
        long began = System.nanoTime();
        String backend = "";
        String reason = "";
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(to, TIMEOUT_MS);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            backend = kind == Kind.UPLOAD ? upload(in, socket.getOutputStream()) : talk(in, socket.getOutputStream());
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        }
        return new Outcome(this, backend, reason, began, System.nanoTime());
    }

    private String upload(InputStream in, OutputStream out) throws IOException, InterruptedException {
        int length = pieces * PIECE;
        send(out, "POST", "Content-Length: " + length + "\r\nConnection: close\r\n");
        byte[] piece = new byte[PIECE];
        for (int i = 0; i < pieces; i++) {
            Thread.sleep(pause.toMillis());
            out.write(piece);
        }
        HttpMessage answer = answer(in, 200);
        String received = answer.header("X-Received").orElse("nothing");
        if (!received.equals(Integer.toString(length))) {
            throw new IOException("the backend received " + received + " (expected: " + length + " bytes)");
        }
        String rest = answer.header("Content-Length").orElse("0");
        if (in.readAllBytes().length != Integer.parseInt(rest)) {
            throw new EOFException("the answer was cut short (expected: " + rest + " bytes)");
        }
        return answer.header("X-Backend").orElse("");
    }

    private String talk(InputStream in, OutputStream out) throws IOException, InterruptedException {
        send(out, "GET", HANDSHAKE);
        HttpMessage answer = answer(in, 101);
        for (int i = 0; i < pieces; i++) {
            say(in, out, TEXT, ("message " + i).getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(pause.toMillis());
        }
        say(in, out, CLOSE, new byte[] {3, (byte) 0xe8}); // 1000: done
        return answer.header("X-Backend").orElse("");
    }

    private void send(OutputStream out, String method, String headers) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\nHost: " + service + "\r\n" + headers + "\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    private HttpMessage answer(InputStream in, int status) throws IOException {
        HttpMessage answer = HttpMessage.readHead(in).orElseThrow(() -> new EOFException("closed without an answer"));
        if (answer.status() != status) {
            throw new IOException("status " + answer.status() + " (expected: " + status + ")");
        }
        String from = answer.header("X-Service").orElse("nobody");
        if (!from.equals(service) || answer.header("X-Backend").isEmpty()) {
            throw new IOException("answered by service " + from + " (expected: " + service + ")");
        }
        return answer;
    }

    /** Sends one frame, masked with zeros, and waits for its echo. */
    private static void say(InputStream in, OutputStream out, int type, byte[] payload) throws IOException {
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) type;
        frame[1] = (byte) (MASKED | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        out.write(frame);
        byte[] echo = in.readNBytes(2 + payload.length);
        if (echo.length < 2 + payload.length) {
            throw new EOFException("the WebSocket broke");
        }
        if ((echo[0] & 0xff) != type || !Arrays.equals(echo, 2, echo.length, payload, 0, payload.length)) {
            throw new IOException("the WebSocket echoed " + bytes(echo) + " (expected: " + bytes(payload) + ")");
        }
    }

    private static List<Integer> bytes(byte[] bytes) {
        List<Integer> numbers = new ArrayList<>();
        for (byte one : bytes) {
            numbers.add(one & 0xff);
        }
        return numbers;
    }
}
