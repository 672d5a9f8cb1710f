package io.rollcall.agent.resolve;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The services by key: an immutable hash table that is asked with bytes, so that a lookup makes no garbage. */
final class Table {
    static final Table EMPTY = new Table(List.of());

    /** Twice as many places as services, at least: a chain ends soon, and a free place always exists. */
    private final @Nullable Service[] places;

    private final int size;

    Table(Collection<Service> services) {
        size = services.size();
        places = new Service[Integer.highestOneBit(Math.max(1, size)) * 4];
        for (Service service : services) {
            byte[] key = service.key();
            int place = place(key, 0, key.length);
            while (places[place] != null) {
                place = place + 1 & places.length - 1;
            }
            places[place] = service;
        }
    }

    int size() {
        return size;
    }

    @Nullable
    Service find(byte[] bytes, int from, int to) {
        int place = place(bytes, from, to);
        for (Service service = places[place]; service != null; service = places[place]) {
            if (service.hasKey(bytes, from, to)) {
                return service;
            }
            place = place + 1 & places.length - 1;
        }
        return null;
    }

    private int place(byte[] bytes, int from, int to) {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ hash >>> 16) & places.length - 1;
    }
}
