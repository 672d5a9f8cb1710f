package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of {@code backends.map} into a table.
 *
 * <p>A key's value is {@code -} (no backend), slots {@code a|b|b}, a number {@code N} (slots in {@code key/1} to
 * {@code key/N}) or {@code AxB} (slots in {@code key/1.1} to {@code key/A.B}); an address weighs as much as it has slots. A
 * service that cannot be read is left out alone, so that its lookups fall to httpd's own reading of the file. A file that was
 * cut short or is of another version is refused as a whole.
 */
final class MapParser {
    private static final int MOST_LINES = 200;

    private final Map<String, String> lines = new HashMap<>();
    private final List<String> keys = new ArrayList<>();
    private final Table before;
    private final Random random;
    private int bad;
    private String firstBad = "";

    private MapParser(Table before, Random random) {
        this.before = before;
        this.random = random;
    }

    /**
     * What a file held.
     *
     * @param bad how many services or lines were left out
     * @param firstBad the first of them and what was expected, or empty
     */
    record Parsed(Table table, int bad, String firstBad) {}

    /**
     * @param before the table whose unchanged services are carried over, with their turns
     * @throws MalformedMapException if the file as a whole cannot be a published map
     */
    static Parsed parse(byte[] file, Table before, Random random) throws MalformedMapException {
        if (file.length == 0 || file[file.length - 1] != '\n') {
            throw new MalformedMapException("cut short (expected: the last line ends with a newline)");
        }
        String text = new String(file, ISO_8859_1);
        String header = text.substring(0, text.indexOf('\n')).concat(" ");
        if (header.startsWith("# rollcall ") && !header.startsWith("# rollcall 1 ")) {
            throw new MalformedMapException("'" + header.strip() + "' (expected: # rollcall 1)");
        }
        return new MapParser(before, random).parse(text);
    }

    private Parsed parse(String text) throws MalformedMapException {
        int number = 1;
        for (int from = 0; from < text.length(); number++) {
            int end = text.indexOf('\n', from);
            line(text, from, end, number);
            from = end + 1;
        }
        List<Service> services = new ArrayList<>(keys.size());
        int readable = 0;
        for (String key : keys) {
            SortedMap<String, Integer> slots = slots(key);
            if (slots != null) {
                readable++;
            }
            services.add(slots == null ? Service.unreadable(key) : service(key, slots));
        }
        if (bad > 0 && readable == 0) {
            throw new MalformedMapException(firstBad);
        }
        return new Parsed(new Table(services), bad, firstBad);
    }

    private void line(String text, int from, int end, int number) {
        if (from == end || text.charAt(from) == '#') {
            return;
        }
        int space = text.indexOf(' ', from);
        if (space <= from || space >= end - 1) {
            reject("line " + number + " (expected: <key> <value>)");
            return;
        }
        String key = text.substring(from, space);
        if (lines.putIfAbsent(key, text.substring(space + 1, end)) == null && key.indexOf('/') < 0) {
            keys.add(key);
        }
    }

    private Service service(String key, SortedMap<String, Integer> slots) {
        byte[] bytes = key.getBytes(ISO_8859_1);
        Service known = before.find(bytes, 0, bytes.length);
        return known != null && known.hasSlots(slots) ? known : new Service(key, slots, random);
    }

    private @Nullable SortedMap<String, Integer> slots(String key) {
        SortedMap<String, Integer> slots = new TreeMap<>();
        String value = lines.getOrDefault(key, "");
        int times = value.indexOf('x');
        boolean complete;
        if (value.equals("-")) {
            complete = true;
        } else if (times > 0) {
            complete = countSquare(key, number(value.substring(0, times)), number(value.substring(times + 1)), slots);
        } else if (number(value) > 0) {
            complete = countLines(key.concat("/"), number(value), slots);
        } else {
            complete = count(key, slots);
        }
        return complete ? slots : null;
    }

    private boolean countSquare(String key, int rows, int columns, Map<String, Integer> slots) {
        if (rows == 0 || columns == 0) {
            return reject(key + " (expected: AxB with both in 1.." + MOST_LINES + ")");
        }
        for (int row = 1; row <= rows; row++) {
            if (!countLines(key.concat("/").concat(String.valueOf(row)).concat("."), columns, slots)) {
                return false;
            }
        }
        return true;
    }

    private boolean countLines(String prefix, int count, Map<String, Integer> slots) {
        for (int k = 1; k <= count; k++) {
            if (!count(prefix.concat(String.valueOf(k)), slots)) {
                return false;
            }
        }
        return true;
    }

    private boolean count(String key, Map<String, Integer> slots) {
        String value = lines.get(key);
        if (value == null) {
            return reject(key + " (expected: a line of that key)");
        }
        for (int from = 0; from <= value.length(); ) {
            int bar = value.indexOf('|', from);
            int end = bar < 0 ? value.length() : bar;
            String address = value.substring(from, end);
            if (!Address.isAddress(address)) {
                return reject(key + " '" + address + "' (expected: <IPv4 or [IPv6]>:<port>)");
            }
            Integer known = slots.putIfAbsent(address, 1);
            if (known != null) {
                slots.put(address, known + 1);
            }
            from = end + 1;
        }
        return true;
    }

    /** The value of one to three digits up to the limit, else 0. */
    static int number(String digits) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            value = value * 10 + c - '0';
            if (c < '0' || c > '9' || value > MOST_LINES) {
                return 0;
            }
        }
        return value;
    }

    private boolean reject(String what) {
        if (bad++ == 0) {
            firstBad = what;
        }
        return false;
    }
}
