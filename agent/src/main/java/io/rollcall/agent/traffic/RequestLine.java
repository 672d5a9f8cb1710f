package io.rollcall.agent.traffic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * A line of the request log, as {@code rollcall.conf} defines it: {@code id service backend backend2 status status2 port port2
 * micros try pid end}. The first of two is of the first try; without a second both are the same. {@code port} is the local port
 * of the connection to the backend: {@code -} if there was none. One object is used for all lines, by one thread.
 */
final class RequestLine {
    private static final int FIELDS = 12;

    private final int[] starts = new int[FIELDS + 1];
    private byte[] line = new byte[0];

    /** Tells whether it is such a line. */
    boolean take(byte[] bytes, int from, int to) {
        int fields = 1;
        starts[0] = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == ' ') {
                if (fields == FIELDS) {
                    return false;
                }
                starts[fields++] = i + 1;
            }
        }
        starts[FIELDS] = to + 1;
        line = bytes;
        return fields == FIELDS && bytes[from] != '[';
    }

    /** Key of the service in the maps; empty if the request was for none. */
    String service() {
        return text(1);
    }

    boolean twice() {
        return number(9) == 2;
    }

    /** Where a try went; empty if nowhere. */
    String backend(boolean second) {
        return text(second ? 3 : 2);
    }

    int status(boolean second) {
        return (int) number(second ? 5 : 4);
    }

    boolean connected(boolean second) {
        return number(second ? 7 : 6) > 0;
    }

    /** Of the whole request, both tries. */
    long micros() {
        return number(8);
    }

    private String text(int field) {
        int from = starts[field];
        int length = starts[field + 1] - 1 - from;
        return length == 1 && line[from] == '-' ? "" : new String(line, from, length, ISO_8859_1);
    }

    /** -1 if it is none. */
    private long number(int field) {
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
