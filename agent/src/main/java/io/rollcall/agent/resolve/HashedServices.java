package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.rollcall.agent.sdbm.SdbmReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The services of the hashed map, read when they are asked for, so that the resolver starts at once however many there are. Of those
 * that have turns to keep some thousand are remembered. Used by the thread that looks up.
 */
final class HashedServices {
    private static final int MOST_LINES = 200;
    private static final int REMEMBERED = 8192;

    private final SdbmReader file;
    private final Random random;
    private final @Nullable Service[] remembered = new Service[REMEMBERED];

    /** Of the file before: a service that is in this one what it was there goes on with its turns. */
    private final @Nullable Service[] before;

    HashedServices(Path pag, @Nullable HashedServices before, Random random) throws IOException {
        this.file = SdbmReader.open(pag);
        this.before = before == null ? new Service[REMEMBERED] : before.remembered;
        this.random = random;
    }

    /** Null if the file has no such key, or nothing that can be understood: httpd's own rules may. */
    @Nullable
    Service find(byte[] bytes, int from, int to, int hash) {
        int place = hash & REMEMBERED - 1;
        Service known = remembered[place];
        if (known != null && known.hasKey(bytes, from, to)) {
            return known;
        }
        try {
            byte[] value = file.find(bytes, from, to);
            if (value == null) {
                return null;
            }
            String text = new String(value, ISO_8859_1);
            if (text.equals("-") || Address.isAddress(text)) {
                return Service.of(value);
            }
            String key = new String(bytes, from, to - from, ISO_8859_1);
            SortedMap<String, Integer> slots = new TreeMap<>();
            if (!count(key, text, slots)) {
                return null;
            }
            Service old = before[place];
            boolean same = old != null && old.hasKey(bytes, from, to) && old.hasSlots(slots);
            Service service = same ? old : new Service(key, slots, random);
            remembered[place] = service;
            return service;
        } catch (IOException e) {
            return null;
        }
    }

    /** No file is held open for a table that nobody asks any more. */
    void close() {
        try {
            file.close();
        } catch (IOException e) {
            // it was only read
        }
    }

    private boolean count(String key, String value, Map<String, Integer> slots) throws IOException {
        int times = value.indexOf('x');
        if (times > 0) {
            int rows = MapParser.number(value.substring(0, times));
            for (int row = 1; row <= rows; row++) {
                if (!countLines(
                        key.concat("/").concat(String.valueOf(row)).concat("."),
                        MapParser.number(value.substring(times + 1)),
                        slots)) {
                    return false;
                }
            }
            return rows > 0;
        }
        int lines = MapParser.number(value);
        return lines > 0 ? countLines(key.concat("/"), lines, slots) : countSlots(value, slots);
    }

    private boolean countLines(String prefix, int lines, Map<String, Integer> slots) throws IOException {
        for (int line = 1; line <= Math.min(lines, MOST_LINES); line++) {
            String value = value(prefix.concat(String.valueOf(line)));
            if (value == null || !countSlots(value, slots)) {
                return false;
            }
        }
        return lines > 0;
    }

    /** {@code address}, or {@code 2:1=address|2=address}. */
    private static boolean countSlots(String value, Map<String, Integer> slots) {
        int from = value.startsWith(":1=", value.indexOf(':')) ? value.indexOf(':') + 1 : 0;
        while (from <= value.length()) {
            int bar = value.indexOf('|', from);
            int end = bar < 0 ? value.length() : bar;
            String address = value.substring(value.indexOf('=', from) + 1, end);
            if (!Address.isAddress(address)) {
                return false;
            }
            Integer before = slots.get(address);
            slots.put(address, before == null ? 1 : before + 1);
            from = end + 1;
        }
        return true;
    }

    private @Nullable String value(String key) throws IOException {
        byte[] bytes = key.getBytes(ISO_8859_1);
        byte[] value = file.find(bytes, 0, bytes.length);
        return value == null ? null : new String(value, ISO_8859_1);
    }
}
