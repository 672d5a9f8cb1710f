package io.rollcall.agent.resolve;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The services by key: an immutable hash table that is asked with bytes, so that a lookup makes no garbage. It comes before the hashed map. */
final class Table {
    static final Table EMPTY = new Table(List.of());

    private final @Nullable HashedServices hashed;

    /** Twice as many places as services, at least: a chain ends soon, and a free place always exists. */
    private final @Nullable Service[] places;

    private final int size;

    Table(Collection<Service> services) {
        hashed = null;
        places = new Service[Integer.highestOneBit(Math.max(1, services.size())) * 4];
        int readable = 0;
        for (Service service : services) {
            readable += service.isReadable() ? 1 : 0;
            byte[] key = service.key();
            int place = hash(key, 0, key.length) & places.length - 1;
            while (places[place] != null) {
                place = place + 1 & places.length - 1;
            }
            places[place] = service;
        }
        size = readable;
    }

    private Table(Table text, @Nullable HashedServices hashed) {
        this.hashed = hashed;
        this.size = text.size;
        this.places = text.places;
    }

    /** This table, and what it does not have is looked for there. */
    Table before(@Nullable HashedServices hashed) {
        return new Table(this, hashed);
    }

    /** How many can be read. */
    int size() {
        return size;
    }

    @Nullable
    Service find(byte[] bytes, int from, int to) {
        int hash = hash(bytes, from, to);
        int place = hash & places.length - 1;
        for (Service service = places[place]; service != null; service = places[place]) {
            if (service.hasKey(bytes, from, to)) {
                return service.isReadable() ? service : null;
            }
            place = place + 1 & places.length - 1;
        }
        return hashed == null ? null : hashed.find(bytes, from, to, hash);
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash ^ hash >>> 16;
    }
}
