package io.rollcall.agent.publish;

import io.rollcall.agent.sdbm.PageLayout;
import io.rollcall.agent.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pages of a hashed map. A service stands there whole or not at all: else nothing would take away what is left of one that is
 * forgotten.
 *
 * @param leftOut services that not all of them have room for
 */
record Laid(PageLayout layout, Set<String> leftOut) implements Hashing.Done {
    static Laid of(Table<Lines> lines, HashedMap map) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        Map<String, String> nameOf = new HashMap<>();
        Set<String> leftOut = new HashSet<>();
        lines.forEach((name, service) -> {
            HashedLines there = service.hashed();
            if (there.fit()) {
                pairs.addAll(there.pairs());
                nameOf.put(service.key(), name);
            } else {
                leftOut.add(name);
            }
        });
        PageLayout layout = map.layout(pairs);
        if (!layout.leftOut().isEmpty()) {
            Set<String> keys = layout.leftOut().stream().map(Laid::serviceKey).collect(Collectors.toSet());
            keys.forEach(key -> leftOut.add(nameOf.getOrDefault(key, key)));
            pairs.removeIf(pair -> keys.contains(serviceKey(pair.getKey())));
            layout = PageLayout.of(pairs, layout.depth());
        }
        return new Laid(layout, leftOut);
    }

    private static String serviceKey(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? key : key.substring(0, slash);
    }
}
