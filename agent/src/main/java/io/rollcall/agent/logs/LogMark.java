package io.rollcall.agent.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * A line of the error log on the start of a request.
 *
 * <p>Only what mod_log_debug itself wrote counts, by its place in the line: whatever clients can have httpd log stands behind it.
 * The form is that of httpd's own default ErrorLogFormat:
 * {@code [time] [log_debug:info] [pid 1:tid 2] [client 1.2.3.4:5] rollcall + ID SERVICE BACKEND}.
 *
 * @param what {@code ?}: about to be looked up; {@code +}: looked up, maybe not for a backend
 * @param service key in the maps, or empty
 * @param backend {@code address:port} that was chosen, or empty
 */
record LogMark(char what, String id, int pid, String service, String backend) implements LogLine {
    private static final byte[] MODULE = "[log_debug:info] [pid ".getBytes(ISO_8859_1);
    private static final byte[] OURS = "] rollcall ".getBytes(ISO_8859_1);

    private static final int LONGEST_TIME = 48;
    private static final int LONGEST_CLIENT = 96;

    /** Null if it is none. */
    static @Nullable LogMark read(byte[] line, int from, int to) {
        int at = skip(line, from, Math.min(to, from + LONGEST_TIME), ']') + 1;
        if (!has(MODULE, line, at, to)) {
            return null;
        }
        at += MODULE.length;
        int pid = number(line, at, to);
        at = skip(line, at, to, ']') + 2;
        at = skip(line, at, Math.min(to, at + LONGEST_CLIENT), ']') - 1;
        if (pid < 0 || !has(OURS, line, at, to)) {
            return null;
        }
        at += OURS.length;
        if (at + 2 >= to || line[at + 1] != ' ') {
            return null;
        }
        char what = (char) line[at];
        at += 2;
        int idEnd = word(line, at, to);
        String id = text(line, at, idEnd);
        if (what == '?') {
            return new LogMark('?', id, pid, "", "");
        }
        if (what != '+' || idEnd >= to || line[idEnd] != ' ') {
            return null;
        }
        int serviceEnd = word(line, idEnd + 1, to);
        int backendEnd = serviceEnd < to ? word(line, serviceEnd + 1, to) : serviceEnd;
        return new LogMark(
                '+',
                id,
                pid,
                text(line, idEnd + 1, serviceEnd),
                text(line, Math.min(serviceEnd + 1, backendEnd), backendEnd));
    }

    /** The end of a word of ours: what httpd adds to a message begins with a space or a comma. */
    private static int word(byte[] line, int from, int to) {
        int at = from;
        while (at < to && line[at] != ' ' && line[at] != ',') {
            at++;
        }
        return at;
    }

    private static String text(byte[] line, int from, int to) {
        return new String(line, from, to - from, ISO_8859_1);
    }

    /** Up to nine digits, else -1. */
    private static int number(byte[] line, int from, int to) {
        int value = 0;
        int at = from;
        while (at < to && line[at] >= '0' && line[at] <= '9' && at - from < 9) {
            value = value * 10 + line[at] - '0';
            at++;
        }
        return at == from ? -1 : value;
    }

    /** One past the first such byte; {@code to} if there is none. */
    private static int skip(byte[] line, int from, int to, char end) {
        int at = from;
        while (at < to && line[at] != end) {
            at++;
        }
        return Math.min(at + 1, to);
    }

    private static boolean has(byte[] what, byte[] line, int at, int to) {
        if (at < 0 || at + what.length > to) {
            return false;
        }
        for (int i = 0; i < what.length; i++) {
            if (line[at + i] != what[i]) {
                return false;
            }
        }
        return true;
    }
}
