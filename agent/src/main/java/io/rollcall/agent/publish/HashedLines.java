package io.rollcall.agent.publish;

import io.rollcall.agent.sdbm.Sdbm;
import io.rollcall.agent.view.Standing.Routable;
import io.rollcall.agent.view.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the hashed map says of one service. The keys are those of {@code backends.map}, but httpd can pick one of several slots only
 * from text, so here they are numbered, {@code 3:1=address|2=address|3=address}: httpd's rules roll the number, and for a second
 * try take the next one. Only of a service with dice the successors stand in lines of their own, {@code name/address}.
 *
 * @param pairs key and value
 * @param rollsDice whether the service has more than one line
 */
record HashedLines(List<Map.Entry<String, String>> pairs, boolean rollsDice) {
    /** Long pairs fill pages badly: a file with many of them has to be larger. */
    private static final int MAX_VALUE = 400;

    /** The longest number of a slot in such a value, with its {@code =} and {@code |}. */
    private static final int NUMBER = 4;

    static HashedLines of(String key, List<Routable> routable) {
        if (routable.isEmpty()) {
            return new HashedLines(List.of(Map.entry(key, Lines.NO_BACKEND)), false);
        }
        SlotTable table = SlotTable.of(routable, MAX_VALUE / (Lines.longest(routable) + NUMBER));
        List<String> keys = Lines.keys(table);
        if (keys.isEmpty()) {
            return new HashedLines(List.of(Map.entry(key, numbered(table.lines().get(0)))), false);
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put(key, Lines.dice(table));
        for (int i = 0; i < keys.size(); i++) {
            pairs.put(key + "/" + keys.get(i), numbered(table.lines().get(i)));
        }
        pairs.putIfAbsent(key + "/1", numbered(table.lines().get(0)));
        for (int i = 0; i < routable.size(); i++) {
            Target next = routable.get((i + 1) % routable.size()).target();
            pairs.put(key + "/" + routable.get(i).target(), next.toString());
        }
        return new HashedLines(List.copyOf(pairs.entrySet()), true);
    }

    /** Whether they can stand in a hashed map. */
    boolean fit() {
        return pairs.stream().allMatch(pair -> Sdbm.fits(pair.getKey(), pair.getValue()));
    }

    private static String numbered(List<Target> slots) {
        if (slots.size() == 1) {
            return slots.get(0).toString();
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            parts.add(i + 1 + "=" + slots.get(i));
        }
        return slots.size() + ":" + String.join("|", parts);
    }
}
