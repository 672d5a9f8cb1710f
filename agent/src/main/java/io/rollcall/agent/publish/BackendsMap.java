package io.rollcall.agent.publish;

import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing.Routable;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code backends.map} and what the next one has to know of it. Keys: {@code name} gives an address, several slots,
 * the dice to roll for {@code name/k}, or {@code -} for a known name without a backend.
 *
 * <p>A lookup that rolls dice reads the map twice and may see two publications. So the lines that a smaller table no longer
 * needs stay for one more publication, filled with backends of today.
 *
 * @param tables by service name, for the next publication
 */
record BackendsMap(String text, Map<String, Shares> tables) {
    /** What a table was made for; made for the same again, it is the same. */
    record Shares(List<Routable> backends, SlotTable table) {}

    static final BackendsMap NONE = new BackendsMap("", Map.of());

    static final String NO_BACKEND = "-";

    /** httpd cuts lines at 1,024 bytes, in the middle of an address; some room is left for comfort. */
    static final int MAX_LINE = 1000;

    private static final String HEADER = """
            # rollcall 1 (which backends each name has; written by the agent, do not edit)
            # name address | name slot|slot|... | name dice (then name/k) | name - (known, no backend)
            """;

    static BackendsMap of(View view, BackendsMap before) {
        StringBuilder text = new StringBuilder(HEADER);
        Map<String, Shares> tables = new HashMap<>();
        for (Service service : view.services().values()) {
            if (service.known()) {
                write(service, before.tables.get(service.name()), text, tables);
            }
        }
        return new BackendsMap(text.toString(), Map.copyOf(tables));
    }

    private static void write(
            Service service, @Nullable Shares before, StringBuilder text, Map<String, Shares> tables) {
        List<Routable> routable = service.routable();
        String key = service.key();
        if (routable.isEmpty()) {
            line(text, key, NO_BACKEND);
            return;
        }
        SlotTable table = before != null && before.backends.equals(routable)
                ? before.table
                : SlotTable.of(routable, room(key, routable));
        tables.put(service.name(), new Shares(routable, table));
        List<String> keys = keys(table);
        line(text, key, keys.isEmpty() ? slots(table.lines().get(0)) : dice(table));
        for (int i = 0; i < keys.size(); i++) {
            line(text, key + "/" + keys.get(i), slots(table.lines().get(i)));
        }
        extra(keys, before == null ? List.of() : keys(before.table))
                .forEach((extra, i) -> line(
                        text,
                        key + "/" + extra,
                        slots(table.lines().get(i % table.lines().size()))));
    }

    /** Keys beside the table's own: the first line under its plain number, and those that a larger table had. */
    private static Map<String, Integer> extra(List<String> keys, List<String> old) {
        Map<String, Integer> extra = new LinkedHashMap<>();
        for (int i = 0; i < old.size(); i++) {
            extra.put(old.get(i), i);
        }
        if (!keys.isEmpty() || !old.isEmpty()) {
            extra.put("1", 0);
        }
        keys.forEach(extra::remove);
        return extra;
    }

    /** {@code 1}, {@code 2}... for one die, {@code 1.1}, {@code 1.2}... for two, none for a single line. */
    static List<String> keys(SlotTable table) {
        List<String> keys = new ArrayList<>();
        if (table.dice().size() == 1) {
            for (int k = 1; k <= table.dice().get(0); k++) {
                keys.add("" + k);
            }
        } else if (table.dice().size() == 2) {
            for (int i = 1; i <= table.dice().get(0); i++) {
                for (int j = 1; j <= table.dice().get(1); j++) {
                    keys.add(i + "." + j);
                }
            }
        }
        return keys;
    }

    private static String dice(SlotTable table) {
        return table.dice().stream().map(Object::toString).collect(Collectors.joining("x"));
    }

    private static String slots(List<Target> slots) {
        return slots.stream().map(Target::toString).collect(Collectors.joining("|"));
    }

    private static int room(String key, List<Routable> routable) {
        int longest = routable.stream()
                .mapToInt(backend -> backend.target().toString().length())
                .max()
                .orElseThrow();
        int largestKey = key.length() + "/200.200 ".length();
        return (MAX_LINE - largestKey) / (longest + 1);
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(' ').append(value).append('\n');
    }
}
