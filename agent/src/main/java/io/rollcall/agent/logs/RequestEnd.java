package io.rollcall.agent.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A line of the request log, as {@code rollcall.conf} defines it: {@code id service backend backend2 status status2 port port2
 * micros try pid end workers}. The first of two is of the first try; without a second both are the same. {@code -} or nothing: none.
 *
 * @param service key in the maps; empty if the request was for none
 * @param last the second try, if there was one
 * @param micros that the whole request took
 * @param endedMicros since 1970
 * @param workers which {@code workers.conf} httpd has read, empty text if none; nothing if it does not tell, for its {@code
 *     rollcall.conf} is older
 */
public record RequestEnd(
        String id,
        String service,
        Try first,
        Try last,
        boolean twice,
        long micros,
        int pid,
        long endedMicros,
        Optional<String> workers)
        implements LogLine {
    private static final int FIELDS = 13;

    /**
     * One attempt.
     *
     * @param backend where it was to go; empty if nowhere
     * @param connected whether there was a connection
     */
    public record Try(String backend, int status, boolean connected) {}

    /** Null if it is none. */
    static @Nullable RequestEnd read(byte[] line, int from, int to) {
        int[] starts = new int[FIELDS + 1];
        int fields = 1;
        starts[0] = from;
        for (int i = from; i < to; i++) {
            if (line[i] == ' ') {
                if (fields == FIELDS) {
                    return null;
                }
                starts[fields++] = i + 1;
            }
        }
        starts[fields] = to + 1;
        if (fields < FIELDS - 1) {
            return null;
        }
        long pid = number(line, starts, 10);
        if (pid < 0 || pid > Integer.MAX_VALUE) {
            return null;
        }
        return new RequestEnd(
                text(line, starts, 0),
                text(line, starts, 1),
                attempt(line, starts, 0),
                attempt(line, starts, 1),
                number(line, starts, 9) == 2,
                number(line, starts, 8),
                (int) pid,
                number(line, starts, 11),
                fields == FIELDS ? Optional.of(text(line, starts, 12)) : Optional.empty());
    }

    private static Try attempt(byte[] line, int[] starts, int which) {
        return new Try(
                text(line, starts, 2 + which),
                (int) number(line, starts, 4 + which),
                number(line, starts, 6 + which) > 0);
    }

    private static String text(byte[] line, int[] starts, int field) {
        int from = starts[field];
        int length = starts[field + 1] - 1 - from;
        return length == 1 && line[from] == '-' ? "" : new String(line, from, length, ISO_8859_1);
    }

    /** -1 if it is none. */
    private static long number(byte[] line, int[] starts, int field) {
        long value = 0;
        int from = starts[field];
        int to = starts[field + 1] - 1;
        for (int i = from; i < to; i++) {
            if (line[i] < '0' || line[i] > '9' || value > Long.MAX_VALUE / 100) {
                return -1;
            }
            value = value * 10 + line[i] - '0';
        }
        return from == to ? -1 : value;
    }
}
