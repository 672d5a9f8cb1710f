package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;

/**
 * Reads requests and writes replies until the input ends.
 *
 * <p>{@code <id> <key>} is answered {@code <id> <address>}, {@code <id> -} if the key is known but has no backend, and
 * {@code NULL} if the key is unknown or the line is anything else. {@code !<id> <key>} is answered the same, or not at all: see
 * {@link Leftovers}. Every reply is one line, written at once. Used by one thread.
 */
final class Conversation {
    private static final byte[] NULL = "NULL\n".getBytes(ISO_8859_1);
    private static final int LONGEST_ID = 128;
    private static final int LONGEST_LINE = 8192;

    /** More than the exchanges between two of one request: callers in line for the mutex are at most httpd's threads. */
    private static final int REMEMBERED = 1024;

    private final Supplier<Table> tables;
    private final Leftovers leftovers;
    private final byte[] line = new byte[LONGEST_LINE];
    private final byte[] reply = new byte[LONGEST_ID + 64];

    /** @param tables gives the table of now; must not block */
    Conversation(Supplier<Table> tables) {
        this(tables, REMEMBERED);
    }

    Conversation(Supplier<Table> tables, int remembered) {
        this.tables = tables;
        leftovers = new Leftovers(remembered);
    }

    void run(InputStream in, OutputStream out) throws IOException {
        int held = 0;
        boolean tooLong = false;
        for (int read = in.read(line, 0, line.length); read >= 0; read = in.read(line, held, line.length - held)) {
            int end = held + read;
            int from = 0;
            for (int i = held; i < end; i++) {
                if (line[i] == '\n') {
                    answer(from, tooLong ? from : i, out);
                    tooLong = false;
                    from = i + 1;
                }
            }
            held = end - from;
            if (held == line.length) {
                tooLong = true;
                held = 0;
            }
            System.arraycopy(line, from, line, 0, held);
        }
    }

    private void answer(int from, int to, OutputStream out) throws IOException {
        int start = from < to && line[from] == '!' ? from + 1 : from;
        int space = start;
        while (space < to && line[space] > ' ' && line[space] < 127) {
            space++;
        }
        int id = space - start;
        if (id == 0 || id > LONGEST_ID || space >= to - 1 || line[space] != ' ' || line[start] == '!') {
            out.write(NULL);
            return;
        }
        if (start == from) {
            leftovers.asked(line, start, to);
        } else if (leftovers.isCertain(line, start, to)) {
            return;
        }
        Service service = tables.get().find(line, space + 1, to);
        if (service == null) {
            out.write(NULL);
            return;
        }
        byte[] address = service.next();
        System.arraycopy(line, start, reply, 0, id);
        System.arraycopy(address, 0, reply, id, address.length);
        out.write(reply, 0, id + address.length);
    }
}
