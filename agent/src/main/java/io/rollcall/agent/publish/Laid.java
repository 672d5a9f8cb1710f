package io.rollcall.agent.publish;

import io.rollcall.agent.sdbm.PageEdit;
import io.rollcall.agent.sdbm.PageLayout;
import io.rollcall.agent.sdbm.SdbmReader;
import io.rollcall.agent.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The next content of a hashed map. A service stands there whole or not at all: else nothing would take away what is left of one that
 * is forgotten.
 *
 * @param write makes it the content
 * @param leftOut services that not all of them have room for
 * @param turned whether what was the map before will be beside it
 */
record Laid(HashedMap.Step write, Set<String> leftOut, boolean turned) implements Hashing.Done {
    /** If more than one in so many changed, all pages are written anew. */
    private static final int MANY = 16;

    /**
     * Changes the map to {@code next} if that is little, and else writes it anew.
     *
     * @param hashed what the map has
     * @param beside what the file beside it has, if that is known
     */
    static Laid of(Table<Lines> next, Table<Lines> hashed, @Nullable Table<Lines> beside, HashedMap map)
            throws IOException {
        Optional<Table<Lines>> known = map.hasBeside() ? Optional.ofNullable(beside) : Optional.empty();
        Table<Lines> before = known.orElse(hashed);
        Set<String> changed = next.changedSince(before);
        changed.removeIf(name -> same(next.get(name), before.get(name)));
        if (changed.size() > next.size() / MANY) {
            return of(next, map);
        }
        if (known.isEmpty()) {
            map.copy();
        }
        try (SdbmReader reader = map.beside()) {
            return edited(next, before, changed, new PageEdit(reader), map);
        }
    }

    private static Laid edited(
            Table<Lines> next, Table<Lines> before, Set<String> changed, PageEdit edit, HashedMap map)
            throws IOException {
        for (String name : changed) {
            Lines there = before.get(name);
            if (there != null) {
                for (Map.Entry<String, String> pair : there.hashed().pairs()) {
                    edit.remove(pair.getKey());
                }
            }
        }
        Set<String> leftOut = new HashSet<>();
        for (String name : changed) {
            Lines service = next.get(name);
            HashedLines lines = service == null ? null : service.hashed();
            if (lines != null && !(lines.fit() && edit.put(lines.pairs()))) {
                leftOut.add(name);
            }
        }
        return new Laid(() -> map.turn(edit), leftOut, true);
    }

    private static boolean same(@Nullable Lines one, @Nullable Lines other) {
        return one != null && other != null && one.hashesAs(other);
    }

    /** All pages anew. */
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
        PageLayout pages = layout;
        return new Laid(() -> map.write(pages), leftOut, false);
    }

    private static String serviceKey(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? key : key.substring(0, slash);
    }
}
