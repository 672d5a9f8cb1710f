package io.rollcall.agent.table;

import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable node of a hash trie, 32 ways at each level: five bits of a name's hash say which. A change copies the nodes on the way to
 * the name, which are as many as there are levels (four at 100,000 names), and shares all others. Where the bits are used up, names of
 * one hash are one after the other. No node but the root has a single name in it, so one content is one shape.
 */
final class Trie<V> {
    private static final Trie<?> EMPTY = new Trie<>(null, 0, new Object[0]);
    private static final int WAY = 5;

    private final @Nullable Object owner; // who made it, and may change it until it is shown to others
    private final int ways; // a bit for each that leads somewhere; without meaning where the bits are used up
    private final @Nullable Object[] pairs; // for each of them: a name and its value, or null and a node

    private Trie(@Nullable Object owner, int ways, @Nullable Object[] pairs) {
        this.owner = owner;
        this.ways = ways;
        this.pairs = pairs;
    }

    @SuppressWarnings("unchecked") // it holds nothing of any type
    static <V> Trie<V> empty() {
        return (Trie<V>) EMPTY;
    }

    /** Well spread in all bits, and another for each other hash code. */
    static int hash(Object name) {
        int mixed = name.hashCode() * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }

    @Nullable
    V get(Object name, int hash) {
        Trie<V> node = this;
        for (int shift = 0; ; shift += WAY) {
            int at = node.find(name, hash, shift);
            if (at < 0) {
                return null;
            }
            if (node.pairs[at] != null) {
                return name.equals(node.pairs[at]) ? node.value(at) : null;
            }
            node = node.below(at);
        }
    }

    /** @param by whoever puts many: nodes that it made before are changed, and not copied again */
    Trie<V> with(Object by, String name, int hash, V value) {
        return with(by, 0, name, hash, value);
    }

    private Trie<V> with(Object by, int shift, String name, int hash, V value) {
        int at = find(name, hash, shift);
        if (at < 0) {
            return inserted(by, ~at, bit(hash, shift), name, value);
        }
        Object there = pairs[at];
        if (there == null) {
            Trie<V> next = below(at).with(by, shift + WAY, name, hash, value);
            return next == below(at) ? this : replaced(by, at, null, next);
        }
        if (there.equals(name)) {
            return pairs[at + 1] == value ? this : replaced(by, at, there, value);
        }
        Trie<V> both = Trie.<V>empty()
                .with(by, shift + WAY, (String) there, hash(there), value(at))
                .with(by, shift + WAY, name, hash, value);
        return replaced(by, at, null, both);
    }

    Trie<V> without(String name, int hash) {
        return without(0, name, hash);
    }

    private Trie<V> without(int shift, String name, int hash) {
        int at = find(name, hash, shift);
        if (at < 0) {
            return this;
        }
        if (pairs[at] != null) {
            return name.equals(pairs[at]) ? removed(at, bit(hash, shift)) : this;
        }
        Trie<V> next = below(at).without(shift + WAY, name, hash);
        if (next == below(at)) {
            return this;
        }
        boolean single = next.pairs.length == 2 && next.pairs[0] != null;
        return single ? replaced(null, at, next.pairs[0], next.value(0)) : replaced(null, at, null, next);
    }

    void forEach(BiConsumer<? super String, ? super V> action) {
        for (int at = 0; at < pairs.length; at += 2) {
            if (pairs[at] == null) {
                below(at).forEach(action);
            } else {
                action.accept((String) pairs[at], value(at));
            }
        }
    }

    /** Tells the names in either that may have another value in the other; what both share is not looked into. */
    static <V> void differences(Trie<V> one, Trie<V> other, Consumer<String> maybe) {
        differences(0, one, other, maybe);
    }

    private static <V> void differences(int shift, Trie<V> one, Trie<V> other, Consumer<String> maybe) {
        if (one == other) {
            return;
        }
        if (shift >= Integer.SIZE) {
            one.forEach((name, value) -> maybe.accept(name));
            other.forEach((name, value) -> maybe.accept(name));
            return;
        }
        for (int rest = one.ways | other.ways; rest != 0; rest &= rest - 1) {
            int bit = Integer.lowestOneBit(rest);
            int here = one.at(bit);
            int there = other.at(bit);
            if (here >= 0 && there >= 0 && one.pairs[here] == other.pairs[there]) {
                if (one.pairs[here] == null) {
                    differences(shift + WAY, one.below(here), other.below(there), maybe);
                    continue;
                } else if (one.pairs[here + 1] == other.pairs[there + 1]) {
                    continue;
                }
            }
            one.names(here, maybe);
            other.names(there, maybe);
        }
    }

    private void names(int at, Consumer<String> action) {
        if (at >= 0 && pairs[at] != null) {
            action.accept((String) pairs[at]);
        } else if (at >= 0) {
            below(at).forEach((name, value) -> action.accept(name));
        }
    }

    /** Where the pair is; if there is none, the complement of where it would be. */
    private int find(Object name, int hash, int shift) {
        if (shift < Integer.SIZE) {
            return at(bit(hash, shift));
        }
        for (int at = 0; at < pairs.length; at += 2) {
            if (name.equals(pairs[at])) {
                return at;
            }
        }
        return ~pairs.length;
    }

    private int at(int bit) {
        int at = 2 * Integer.bitCount(ways & (bit - 1));
        return (ways & bit) == 0 ? ~at : at;
    }

    private static int bit(int hash, int shift) {
        return 1 << (hash >>> shift);
    }

    @SuppressWarnings("unchecked")
    private V value(int at) {
        return (V) pairs[at + 1];
    }

    @SuppressWarnings("unchecked")
    private Trie<V> below(int at) {
        return (Trie<V>) pairs[at + 1];
    }

    private Trie<V> replaced(@Nullable Object by, int at, @Nullable Object name, Object value) {
        boolean own = by != null && by == owner;
        @Nullable Object[] next = own ? pairs : pairs.clone();
        next[at] = name;
        next[at + 1] = value;
        return own ? this : new Trie<>(by, ways, next);
    }

    private Trie<V> inserted(Object by, int at, int bit, String name, V value) {
        @Nullable Object[] next = Arrays.copyOf(pairs, pairs.length + 2);
        System.arraycopy(pairs, at, next, at + 2, pairs.length - at);
        next[at] = name;
        next[at + 1] = value;
        return new Trie<>(by, ways | bit, next);
    }

    private Trie<V> removed(int at, int bit) {
        @Nullable Object[] next = Arrays.copyOf(pairs, pairs.length - 2);
        System.arraycopy(pairs, at + 2, next, at, next.length - at);
        return new Trie<>(null, ways & ~bit, next);
    }
}
