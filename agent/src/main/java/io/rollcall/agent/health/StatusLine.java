package io.rollcall.agent.health;

import io.rollcall.registry.Excerpt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads {@code HTTP/1.1 200} and judges it; what follows is nobody's concern. */
final class StatusLine {
    private static final String FORM = "HTTP/1.";
    /** {@code HTTP/1.1 200} and the character after it. */
    private static final int LENGTH = 13;

    private final byte[] line = new byte[LENGTH];
    private int length;

    /** Takes what has arrived; an outcome as soon as there is one. */
    Optional<Outcome> take(ByteBuffer bytes) {
        while (bytes.hasRemaining() && length < LENGTH) {
            byte next = bytes.get();
            line[length] = next;
            if (length < FORM.length() && next != FORM.charAt(length)) {
                length++;
                return Optional.of(soft("no HTTP answer: '" + text() + "'"));
            }
            length++;
        }
        return length == LENGTH ? Optional.of(judge()) : Optional.empty();
    }

    Outcome ended() {
        return length == LENGTH - 1 ? judge() : soft("closed before it answered");
    }

    private Outcome judge() {
        int status = digit(9) * 100 + digit(10) * 10 + digit(11);
        boolean formed = digit(7) >= 0 && line[8] == ' ' && digit(9) > 0 && digit(10) >= 0 && digit(11) >= 0;
        boolean delimited = length < LENGTH || line[12] == ' ' || line[12] == '\r' || line[12] == '\n';
        if (!formed || !delimited) {
            return soft("no HTTP answer: '" + text() + "'");
        }
        return status >= 200 && status <= 399 ? new Outcome.Passed() : soft("answered " + status);
    }

    private int digit(int at) {
        return line[at] >= '0' && line[at] <= '9' ? line[at] - '0' : -1000;
    }

    private String text() {
        return Excerpt.line(new String(line, 0, length, StandardCharsets.ISO_8859_1));
    }

    private static Outcome soft(String reason) {
        return new Outcome.Failed(Failure.soft(reason));
    }
}
