package io.rollcall.agent.drain;

import io.rollcall.agent.view.IpLiteral;
import io.rollcall.agent.view.Target;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * TCP connections of httpd's user to some targets, as the kernel lists them for the agent's own network namespace. Used by one
 * thread; the lists may be long, so nothing is made per line.
 */
final class Connections {
    /**
     * Connections to one target.
     *
     * @param established open, whether a request is under way on them or not
     * @param opening not answered yet
     */
    record Count(int established, int opening) {
        static final Count NONE = new Count(0, 0);

        int all() {
            return established + opening;
        }

        Count plus(Count other) {
            return new Count(established + other.established, opening + other.opening);
        }
    }

    // net/tcp_states.h. The others are half closed: nothing new can be sent on them, or the backend has closed.
    private static final int ESTABLISHED = 1;
    private static final int SYN_SENT = 2;

    private final Path v4;
    private final Path v6;
    private final OptionalInt uid;
    private byte[] buffer = new byte[1 << 16];

    /**
     * A reader.
     *
     * @param dir with {@code tcp} and {@code tcp6}, such as {@code /proc/self/net}
     * @param uid whose connections count; empty: everybody's
     */
    Connections(Path dir, OptionalInt uid) {
        this.v4 = dir.resolve("tcp");
        this.v6 = dir.resolve("tcp6");
        this.uid = uid;
    }

    /** The connections to each of {@code targets} at this moment. */
    Map<Target, Count> count(Collection<Target> targets) throws IOException {
        List<Wanted> wanted = new ArrayList<>();
        for (Target target : targets) {
            IpLiteral.parse(target.host()).ifPresent(address -> wanted.add(new Wanted(target, address)));
        }
        scan(read(v4), wanted);
        try {
            scan(read(v6), wanted);
        } catch (NoSuchFileException e) {
            // A kernel without IPv6 has no such connections.
        }
        Map<Target, Count> counts = new HashMap<>();
        wanted.forEach(each -> counts.merge(each.target, new Count(each.established, each.opening), Count::plus));
        return counts;
    }

    /** One target in the kernel's notation, and what was found of it. */
    private static final class Wanted {
        private final Target target;
        private final byte[][] forms;
        private int established;
        private int opening;

        Wanted(Target target, IpLiteral literal) {
            this.target = target;
            byte[] address = literal.address().getAddress();
            String port = String.format(":%04X", target.port());
            this.forms = literal.address() instanceof Inet4Address
                    ? new byte[][] {ascii(words(address) + port), ascii(words(mapped(address)) + port)}
                    : new byte[][] {ascii(words(address) + port)};
        }

        /** An IPv4 address as a socket of IPv6 has it. */
        private static byte[] mapped(byte[] v4) {
            byte[] v6 = new byte[16];
            v6[10] = (byte) 0xff;
            v6[11] = (byte) 0xff;
            System.arraycopy(v4, 0, v6, 12, 4);
            return v6;
        }

        /** The kernel prints each 32 bits of an address as a number of this machine. */
        private static String words(byte[] address) {
            ByteBuffer bytes = ByteBuffer.wrap(address).order(ByteOrder.nativeOrder());
            StringBuilder text = new StringBuilder();
            while (bytes.hasRemaining()) {
                text.append(String.format("%08X", bytes.getInt()));
            }
            return text.toString();
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }

        boolean is(byte[] text, int from, int to) {
            for (byte[] form : forms) {
                if (java.util.Arrays.equals(form, 0, form.length, text, from, to)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Lines such as {@code 0: 0100007F:A1B2 0500000A:1F90 01 00000000:00000000 00:00000000 00000000 33 ...}; the first is a heading. */
    private void scan(int length, List<Wanted> wanted) {
        int line = next(0, length);
        while (line < length) {
            int end = next(line, length);
            scanLine(line, end, wanted);
            line = end;
        }
    }

    private void scanLine(int from, int to, List<Wanted> wanted) {
        int remote = field(2, from, to);
        int remoteEnd = end(remote, to);
        for (int i = 0; i < wanted.size(); i++) {
            Wanted each = wanted.get(i);
            if (!each.is(buffer, remote, remoteEnd)) {
                continue;
            }
            int state = number(field(3, from, to), to, 16);
            if (uid.isPresent() && number(field(7, from, to), to, 10) != uid.getAsInt()) {
                continue;
            }
            each.established += state == ESTABLISHED ? 1 : 0;
            each.opening += state == SYN_SENT ? 1 : 0;
        }
    }

    private int next(int from, int length) {
        int at = from;
        while (at < length && buffer[at] != '\n') {
            at++;
        }
        return Math.min(length, at + 1);
    }

    private int field(int index, int from, int to) {
        int at = skipBlanks(from, to);
        for (int i = 0; i < index; i++) {
            at = skipBlanks(end(at, to), to);
        }
        return at;
    }

    private int skipBlanks(int from, int to) {
        int at = from;
        while (at < to && buffer[at] == ' ') {
            at++;
        }
        return at;
    }

    private int end(int from, int to) {
        int at = from;
        while (at < to && buffer[at] != ' ' && buffer[at] != '\n') {
            at++;
        }
        return at;
    }

    private int number(int from, int to, int radix) {
        int value = 0;
        for (int at = from; at < end(from, to); at++) {
            value = value * radix + Character.digit(buffer[at], radix);
        }
        return value;
    }

    private int read(Path file) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(file)) {
            int length = 0;
            while (true) {
                int count = in.read(ByteBuffer.wrap(buffer, length, buffer.length - length));
                if (count < 0) {
                    return length;
                }
                length += count;
                if (length == buffer.length) {
                    buffer = java.util.Arrays.copyOf(buffer, buffer.length * 2);
                }
            }
        }
    }
}
