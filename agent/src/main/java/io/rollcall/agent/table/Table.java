package io.rollcall.agent.table;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map by name. Its next version shares with it all but the way to what changed, so a change costs about as much in a
 * large one as in a small one; and what differs between two versions is found by looking only at what they do not share. So nobody has
 * to keep a list of changes beside the facts, which could be wrong.
 *
 * <p>Iteration is in no order; {@link #sorted} is for people.
 *
 * @param <V> what is kept; equal values that are not the same object count as a change
 */
public final class Table<V> extends AbstractMap<String, V> {
    private static final Table<?> EMPTY = new Table<>(Trie.empty(), 0);

    private final Trie<V> root;
    private final int size;

    private Table(Trie<V> root, int size) {
        this.root = root;
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

    /** The next version; the edit is to be used by one thread. */
    public Edit<V> edit() {
        return new Edit<>(this);
    }

    /** The names whose values here and in {@code before} are not the same object, those that only one of the two has included. */
    public Set<String> changedSince(Table<V> before) {
        // In the order of the nodes, in which those of other tables are found next to each other, too.
        Set<String> changed = new LinkedHashSet<>();
        if (before.isEmpty()) {
            forEach((name, value) -> changed.add(name));
            return changed;
        }
        Trie.differences(root, before.root, name -> {
            int hash = Trie.hash(name);
            if (root.get(name, hash) != before.root.get(name, hash)) {
                changed.add(name);
            }
        });
        return changed;
    }

    public SortedMap<String, V> sorted() {
        return new TreeMap<>(this);
    }

    @Override
    public @Nullable V get(Object name) {
        return root.get(name, Trie.hash(name));
    }

    @Override
    public boolean containsKey(Object name) {
        return get(name) != null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super V> action) {
        root.forEach(action);
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<String, V>> iterator() {
                List<Entry<String, V>> all = new ArrayList<>(size);
                root.forEach((name, value) -> all.add(Map.entry(name, value)));
                return Collections.unmodifiableList(all).iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Costs what is not shared. */
    @Override
    @SuppressWarnings("unchecked") // values are only compared
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Table<?> table)) {
            return super.equals(other);
        }
        Table<V> that = (Table<V>) table;
        return size == that.size
                && changedSince(that).stream()
                        .allMatch(name -> containsKey(name) && get(name).equals(that.get(name)));
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** Changes to a table, which leave it as it is. */
    public static final class Edit<V> {
        private final Table<V> before;
        private Object owner = new Object();
        private Trie<V> root;
        private int size;

        private Edit(Table<V> before) {
            this.before = before;
            this.root = before.root;
            this.size = before.size;
        }

        public Edit<V> put(String name, V value) {
            if (get(name) == null) {
                size++;
            }
            root = root.with(owner, name, Trie.hash(name), value);
            return this;
        }

        public Edit<V> putAll(Map<String, V> map) {
            map.forEach(this::put);
            return this;
        }

        public Edit<V> remove(String name) {
            if (get(name) != null) {
                size--;
                root = root.without(name, Trie.hash(name));
            }
            return this;
        }

        public @Nullable V get(String name) {
            return root.get(name, Trie.hash(name));
        }

        public Table<V> done() {
            owner = new Object(); // what was made so far is shown to others
            return root == before.root ? before : new Table<>(root, size);
        }
    }
}
