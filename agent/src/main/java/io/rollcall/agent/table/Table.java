package io.rollcall.agent.table;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map by name, in parts by the name's hash. Its next version shares every part in which nothing changed, so a change
 * costs the copy of one part; and what differs between two versions is found by looking only into parts that are not the same
 * object. So nobody has to keep a list of changes beside the facts, which could be wrong.
 *
 * <p>Iteration is in no order; {@link #sorted} is for people.
 *
 * @param <V> what is kept; equal values that are not the same object count as a change
 */
public final class Table<V> extends AbstractMap<String, V> {
    /** A hundred names to a part at 100,000; 1,024 comparisons of references are half a microsecond. */
    private static final int PARTS = 1024;

    private static final Table<?> EMPTY = new Table<>(emptyParts(), 0);

    private final Map<String, V>[] parts;
    private final int size;

    private Table(Map<String, V>[] parts, int size) {
        this.parts = parts;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // it holds nothing of any type
    public static <V> Table<V> empty() {
        return (Table<V>) EMPTY;
    }

    public static <V> Table<V> copyOf(Map<String, V> map) {
        return map instanceof Table<V> table
                ? table
                : Table.<V>empty().edit().putAll(map).done();
    }

    /** The next version; the edit is to be used at once, by one thread. */
    public Edit<V> edit() {
        return new Edit<>(this);
    }

    /** The names whose values here and in {@code before} are not the same object, those that only one of the two has included. */
    public Set<String> changedSince(Table<V> before) {
        Set<String> changed = new HashSet<>();
        for (int i = 0; i < PARTS; i++) {
            if (parts[i] != before.parts[i]) {
                Map<String, V> old = before.parts[i];
                parts[i].forEach((name, value) -> {
                    if (old.get(name) != value) {
                        changed.add(name);
                    }
                });
                for (String name : old.keySet()) {
                    if (!parts[i].containsKey(name)) {
                        changed.add(name);
                    }
                }
            }
        }
        return changed;
    }

    public SortedMap<String, V> sorted() {
        return new TreeMap<>(this);
    }

    @Override
    public @Nullable V get(Object name) {
        return parts[part(name)].get(name);
    }

    @Override
    public boolean containsKey(Object name) {
        return parts[part(name)].containsKey(name);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, V>> iterator() {
                List<Entry<String, V>> all = new ArrayList<>(size);
                for (Map<String, V> part : parts) {
                    part.forEach((name, value) -> all.add(Map.entry(name, value)));
                }
                return List.copyOf(all).iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Costs what differs: parts that are the same object are not looked into. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Table<?> table
                ? size == table.size
                        && Arrays.equals(parts, table.parts, (one, two) -> one == two || one.equals(two) ? 0 : 1)
                : super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    private static int part(Object name) {
        int hash = name.hashCode();
        return (hash ^ hash >>> 10 ^ hash >>> 20) & PARTS - 1;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of a generic type
    private static <V> Map<String, V>[] emptyParts() {
        Map<String, V>[] parts = new Map[PARTS];
        Arrays.fill(parts, Map.of());
        return parts;
    }

    /** Changes to a table, which leave it as it is. */
    public static final class Edit<V> {
        private final Map<String, V>[] parts;
        private final Table<V> before;
        private int size;

        private Edit(Table<V> before) {
            this.before = before;
            this.parts = before.parts.clone();
            this.size = before.size;
        }

        public Edit<V> put(String name, V value) {
            if (own(name).put(name, value) == null) {
                size++;
            }
            return this;
        }

        public Edit<V> putAll(Map<String, V> map) {
            map.forEach(this::put);
            return this;
        }

        public Edit<V> remove(String name) {
            if (parts[part(name)].containsKey(name)) {
                own(name).remove(name);
                size--;
            }
            return this;
        }

        public @Nullable V get(String name) {
            return parts[part(name)].get(name);
        }

        public Table<V> done() {
            return Arrays.equals(parts, before.parts, (a, b) -> a == b ? 0 : 1) ? before : new Table<>(parts, size);
        }

        /** The part of {@code name}, copied when it is still shared with the version before. */
        private Map<String, V> own(String name) {
            int i = part(name);
            if (parts[i] == before.parts[i]) {
                parts[i] = new HashMap<>(parts[i]);
            }
            return parts[i];
        }
    }
}
