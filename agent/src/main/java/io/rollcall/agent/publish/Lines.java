package io.rollcall.agent.publish;

import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing.Routable;
import io.rollcall.agent.view.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the maps say of one service. Keys: {@code name} gives an address, several slots, the dice to roll for {@code name/k}, or
 * {@code -} for a known name without a backend.
 *
 * <p>A lookup that rolls dice reads the maps twice and may see two publications. So the lines that a smaller table no longer
 * needs stay for one more publication, filled with backends of today. The same goes for the successor of a backend that is gone:
 * it may have been picked just before.
 */
final class Lines {
    static final String NO_BACKEND = "-";

    /** httpd cuts lines at 1,024 bytes, in the middle of an address; some room is left for comfort. */
    static final int MAX_LINE = 1000;

    private final String key;
    private final List<Routable> routable;
    private final Optional<SlotTable> table;
    private final String text;
    private final String successors;
    private final boolean passing;
    private volatile @Nullable HashedLines hashed;

    private Lines(Service service, List<Routable> routable, @Nullable Lines before) {
        this.key = service.key();
        this.routable = routable;
        this.table = table(before);
        StringBuilder lines = new StringBuilder();
        StringBuilder ring = new StringBuilder();
        boolean extra = write(lines, before);
        this.passing = writeSuccessors(ring, before) || extra;
        this.text = lines.toString();
        this.successors = ring.isEmpty() ? "" : ring.toString();
    }

    /** @param before the lines of the publication before, if it had any */
    static Lines of(Service service, @Nullable Lines before) {
        List<Routable> routable = service.routable();
        if (before != null && !before.passing && before.says(service.key(), routable)) {
            return before;
        }
        return new Lines(service, routable, before);
    }

    /** Whether these lines are what is to be said of these backends, and nothing besides. */
    boolean says(String otherKey, List<Routable> backends) {
        return key.equals(otherKey) && routable.equals(backends);
    }

    boolean saysTheSame(Lines other) {
        return !passing && !other.passing && says(other.key, other.routable);
    }

    /** Whether what the hashed map has of these is what it is to have of the others, and the text needs none of them. */
    boolean standFor(Lines others) {
        return !others.passing && hashesAs(others);
    }

    /** Whether the hashed map has the same of both. */
    boolean hashesAs(Lines others) {
        return says(others.key, others.routable);
    }

    String key() {
        return key;
    }

    /** Its part of {@code backends.map}. */
    String text() {
        return text;
    }

    /** Its part of {@code successors.map}. */
    String successors() {
        return successors;
    }

    /** Whether there are lines that the next publication is not to have. */
    boolean passing() {
        return passing;
    }

    List<Target> targets() {
        return routable.stream().map(Routable::target).toList();
    }

    /** Its part of the hashed map, worked out when it is first asked for. */
    HashedLines hashed() {
        HashedLines known = hashed;
        if (known == null) {
            known = HashedLines.of(key, routable);
            hashed = known;
        }
        return known;
    }

    private Optional<SlotTable> table(@Nullable Lines before) {
        if (routable.isEmpty()) {
            return Optional.empty();
        }
        if (before != null && before.says(key, routable)) {
            return before.table;
        }
        return Optional.of(SlotTable.of(routable, room()));
    }

    /** Tells whether any line is extra. */
    private boolean write(StringBuilder lines, @Nullable Lines before) {
        if (table.isEmpty()) {
            line(lines, key, NO_BACKEND);
            return false;
        }
        SlotTable slots = table.get();
        List<String> keys = keys(slots);
        line(lines, key, keys.isEmpty() ? slots(slots.lines().get(0)) : dice(slots));
        for (int i = 0; i < keys.size(); i++) {
            line(lines, key + "/" + keys.get(i), slots(slots.lines().get(i)));
        }
        List<String> old = before == null ? List.of() : before.keysSaid();
        extra(keys, old)
                .forEach((extra, i) -> line(
                        lines,
                        key + "/" + extra,
                        slots(slots.lines().get(i % slots.lines().size()))));
        return !keys.containsAll(old);
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

    /** What a lookup may ask for that has rolled dice. The hashed map's own lines are still there; its first is asked for here. */
    private List<String> keysSaid() {
        HashedLines known = hashed;
        List<String> keys = table.map(Lines::keys).orElse(List.of());
        return keys.isEmpty() && known != null && known.rollsDice() ? List.of("1") : keys;
    }

    /** Tells whether any is of a backend that is gone. */
    private boolean writeSuccessors(StringBuilder ring, @Nullable Lines before) {
        List<Target> here = targets();
        for (int i = 0; i < here.size() && here.size() > 1; i++) {
            line(ring, key + "/" + here.get(i), "" + here.get((i + 1) % here.size()));
        }
        if (before == null || here.isEmpty()) {
            return false;
        }
        Set<Target> present = Set.copyOf(here);
        List<Target> gone = before.targets().stream()
                .filter(target -> !present.contains(target))
                .toList();
        gone.forEach(target -> line(ring, key + "/" + target, "" + here.get(0)));
        return !gone.isEmpty();
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

    static String dice(SlotTable table) {
        return table.dice().stream().map(Object::toString).collect(Collectors.joining("x"));
    }

    /** Characters of the longest address. */
    static int longest(List<Routable> routable) {
        return routable.stream()
                .mapToInt(backend -> backend.target().toString().length())
                .max()
                .orElseThrow();
    }

    private static String slots(List<Target> slots) {
        return slots.stream().map(Target::toString).collect(Collectors.joining("|"));
    }

    private int room() {
        int largestKey = key.length() + "/200.200 ".length();
        return (MAX_LINE - largestKey) / (longest(routable) + 1);
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(' ').append(value).append('\n');
    }
}
