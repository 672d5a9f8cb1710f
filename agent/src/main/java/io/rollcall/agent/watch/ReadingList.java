package io.rollcall.agent.watch;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * Which places are to be read, and in which order. What an event told of comes before what a sweep reads, however much that is; and
 * a sweep at leisure, one that should find nothing, reads only as much as it is allowed to.
 */
final class ReadingList {
    private final Set<Place> told = new LinkedHashSet<>();
    private final Set<Place> swept = new LinkedHashSet<>();
    private final Set<Place> due = new HashSet<>(); // of the sweep, and not answered yet
    private final Queue<String> services = new ArrayDeque<>(); // of a sweep at leisure; may be very many
    private boolean leisurely;
    private int allowed;

    /** A sweep begins, and the one before it ends. */
    void begin(boolean atLeisure) {
        due.clear();
        swept.clear();
        services.clear();
        leisurely = atLeisure;
        allowed = 0;
        sweep(Place.ROOT);
    }

    boolean isLeisurely() {
        return leisurely;
    }

    /** To be read at once, after what was told before: what is gone now after what took its place. */
    void tell(Place place) {
        swept.remove(place);
        told.remove(place);
        told.add(place);
    }

    /** To be read by the sweep. */
    void sweep(Place place) {
        due.add(place);
        if (!told.contains(place)) {
            swept.add(place);
        }
    }

    /** To be read by the sweep after everything else. */
    void sweepLast(Collection<String> names) {
        services.addAll(names);
    }

    /** How many places a sweep at leisure may read now; what it was allowed before and did not need is forfeit. */
    void allow(int places) {
        allowed = places;
    }

    /** Whether the place is about to be read, for what an event told. */
    boolean isTold(Place place) {
        return told.contains(place);
    }

    Optional<Place> next() {
        if (!told.isEmpty()) {
            return Optional.of(first(told));
        }
        if (leisurely && allowed == 0) {
            return Optional.empty();
        }
        if (swept.isEmpty() && !services.isEmpty()) {
            sweep(new Place(services.remove(), ""));
        }
        if (swept.isEmpty()) {
            return Optional.empty();
        }
        allowed -= leisurely ? 1 : 0;
        return Optional.of(first(swept));
    }

    boolean isOfSweep(Place place) {
        return due.contains(place);
    }

    void answered(Place place) {
        due.remove(place);
    }

    boolean isSwept() {
        return due.isEmpty() && services.isEmpty();
    }

    void clear() {
        told.clear();
        swept.clear();
        due.clear();
        services.clear();
    }

    private static Place first(Set<Place> places) {
        Iterator<Place> all = places.iterator();
        Place first = all.next();
        all.remove();
        return first;
    }
}
