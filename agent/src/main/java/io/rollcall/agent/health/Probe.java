package io.rollcall.agent.health;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One probe of one subject, from connecting to its outcome. TCP: done when the connection stands. HTTP: done when the status has
 * been read; what follows is not waited for, so that it may be as long as it likes.
 */
final class Probe {
    private static final Outcome PASSED = new Outcome.Passed();

    final Subject subject;
    final long startedAt;
    final long deadline;
    private final SocketChannel channel;
    private final SelectionKey key;
    private @Nullable StatusLine answer; // once the request is sent
    private boolean over;

    private Probe(Subject subject, long startedAt, long deadline, SocketChannel channel, Selector selector)
            throws IOException {
        this.subject = subject;
        this.startedAt = startedAt;
        this.deadline = deadline;
        this.channel = channel;
        channel.configureBlocking(false);
        // Ends without TIME-WAIT here: thousands of probes a second would leave a minute's worth of them.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        this.key = channel.register(selector, 0);
    }

    /** Throws if this host cannot even try. */
    static Probe open(Subject subject, long startedAt, long deadline, Selector selector) throws IOException {
        // A socket for both kinds of address takes one more call of the kernel.
        SocketChannel channel =
                subject.isIpv4() ? SocketChannel.open(StandardProtocolFamily.INET) : SocketChannel.open();
        try {
            Probe probe = new Probe(subject, startedAt, deadline, channel, selector);
            probe.key.attach(probe);
            return probe;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Connects; an outcome if it is clear at once. */
    Optional<Outcome> begin() {
        try {
            if (channel.connect(subject.address())) {
                return connected();
            }
            key.interestOps(SelectionKey.OP_CONNECT);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of(failed(e, answer == null));
        }
    }

    /** Goes on where the selector says that it can; an outcome when there is one. */
    Optional<Outcome> proceed(ByteBuffer buffer) {
        try {
            if (answer != null) {
                return read(answer, buffer);
            }
            return channel.finishConnect() ? connected() : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of(failed(e, answer == null));
        }
    }

    Outcome timedOut() {
        String missing = answer == null ? "no connection" : "no answer to GET " + subject.path();
        return new Outcome.Failed(Failure.silent(missing + " within " + (deadline - startedAt) / 1_000_000 + " ms"));
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
        try {
            channel.close();
        } catch (IOException e) {
            // nobody needs it any more
        }
    }

    private Optional<Outcome> connected() throws IOException {
        if (subject.path().isEmpty()) {
            return Optional.of(PASSED);
        }
        byte[] request = ("GET " + subject.path() + " HTTP/1.1\r\nHost: " + subject.name()
                        + "\r\nUser-Agent: rollcall-agent\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        if (channel.write(ByteBuffer.wrap(request)) < request.length) {
            return Optional.of(new Outcome.NotMade("some hundred bytes did not fit into a new socket"));
        }
        answer = new StatusLine();
        key.interestOps(SelectionKey.OP_READ);
        return Optional.empty();
    }

    private Optional<Outcome> read(StatusLine line, ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            return Optional.of(line.ended());
        }
        return line.take(buffer.flip());
    }

    /** Java tells refused and timed out apart by words alone. */
    static Outcome failed(Exception e, boolean connecting) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof UnsupportedAddressTypeException) {
            return new Outcome.Failed(Failure.silent("this host has no IPv6"));
        }
        if (e instanceof RuntimeException) {
            return new Outcome.NotMade(e.toString());
        }
        if (e instanceof BindException) { // no free port, no address, or a local rule against it
            return new Outcome.NotMade(message);
        }
        boolean reset = message.contains("reset");
        if (connecting && e instanceof SocketException && (reset || message.contains("refused"))) {
            return new Outcome.Failed(Failure.hard(message));
        }
        return new Outcome.Failed(
                reset || message.contains("Broken pipe") ? Failure.soft(message) : Failure.silent(message));
    }
}
