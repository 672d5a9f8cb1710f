package io.rollcall.agent.watch;

import io.rollcall.agent.table.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/**
 * What is known of the tree, and the reading that keeps it in step. There is one operation: read a place anew and believe what was
 * read. Events only say which place; a sweep reads the root, and then all that is known or listed below. Confined to one thread;
 * answers come back on the same thread, in the order in which they were asked for.
 */
final class TreeReader<N, T> {
    /** Asks ZooKeeper; the answer goes to {@link #children} or {@link #node}. */
    interface Source {
        void readChildren(Place place);

        void readNode(Place place);
    }

    /** Requests under way at once: enough to hide the round trip, few enough not to crowd out heartbeats. */
    private static final int MOST_UNDER_WAY = 64;

    private final Source source;
    private final Subject<N, T> subject;
    private Table<NavigableMap<String, N>> told; // what was handed on last
    private final Map<String, TreeMap<String, N>> since = new HashMap<>(); // services that changed since, whole
    private final ReadingList list = new ReadingList();
    private final Set<Place> announced = new HashSet<>();
    private final List<Place> asked = new ArrayList<>(); // in the order of the answers to come
    private boolean sweeping;
    private boolean failed;
    private boolean changed;
    private String problem = "";
    private long differences;

    /**
     * A reader that has read nothing yet.
     *
     * @param initial what was known before
     */
    TreeReader(Source source, Subject<N, T> subject, Map<String, NavigableMap<String, N>> initial) {
        this.source = source;
        this.subject = subject;
        this.told = Table.copyOf(initial);
    }

    /** An event told that something happened at {@code place}. */
    void announce(Place place) {
        announced.add(place);
        list.tell(place);
        next();
    }

    /** Reads everything. If a sweep is under way, it is to start over: what it has read may be old. */
    void sweep() {
        begin(false);
    }

    /** Reads everything as well, but only as much at a time as {@link #allow} says. */
    void sweepAtLeisure() {
        begin(true);
    }

    private void begin(boolean atLeisure) {
        sweeping = true;
        failed = false;
        problem = "";
        list.begin(atLeisure);
        next();
    }

    /** Has a sweep at leisure read so many places. */
    void allow(int places) {
        list.allow(places);
        next();
    }

    /** The connection is another one: what was asked for on the one before is not waited for. A sweep is to follow. */
    void forgetQuestions() {
        asked.clear();
        announced.clear();
        list.clear();
        sweeping = false;
    }

    /** The answer to {@code readChildren}. */
    void children(Place place, Code code, List<String> names) {
        asked.remove(place);
        if (code == Code.OK || code == Code.NONODE) {
            boolean told = announced.remove(place) || !list.isOfSweep(place);
            remove(new Place(place.service(), Subject.UNLISTED));
            readBelow(place, code == Code.OK ? names : List.of(), told);
        } else if (code == Code.NOAUTH && !place.isRoot()) {
            put(new Place(place.service(), Subject.UNLISTED), subject.unlisted(place.service()));
            readBelow(place, List.of(), true);
        } else {
            fail(place, code);
        }
        list.answered(place);
        next();
    }

    /** What is listed comes before what is only known: a node that replaces another is here before the other is gone. */
    private void readBelow(Place place, List<String> listed, boolean told) {
        Set<String> below = new LinkedHashSet<>(listed);
        Set<String> known =
                place.isRoot() ? services() : nodesOf(place.service()).keySet();
        if (place.isRoot() && list.isLeisurely() && !told) {
            below.removeAll(known);
            list.sweepLast(known);
        } else {
            below.addAll(known);
        }
        below.remove(Subject.UNLISTED);
        boolean swept = list.isOfSweep(place);
        for (String name : below) {
            Place child = place.isRoot() ? new Place(name, "") : new Place(place.service(), name);
            if (swept) {
                list.sweep(child);
            }
            if (told) {
                list.tell(child);
            }
        }
    }

    /** The answer to {@code readNode}. */
    void node(Place place, Code code, byte[] data, Stat stat) {
        asked.remove(place);
        N before = nodesOf(place.service()).get(place.node());
        if (code == Code.OK) {
            // Not only the zxids: another tree, or another version of this program, may have said the same of other
            // data.
            N node = subject.node(place.service(), place.node(), stat, data);
            if (!node.equals(before)) {
                put(place, node);
                different(place);
            }
            announced.remove(place);
        } else if (code == Code.NONODE) {
            // If it is read once more, because an event told of it, what replaced it is read before that.
            if (!asked.contains(place) && !list.isTold(place)) {
                if (before != null) {
                    remove(place);
                    different(place);
                }
                announced.remove(place);
            }
        } else if (code == Code.NOAUTH) {
            put(place, subject.unreadable(place.service(), place.node()));
        } else {
            fail(place, code);
        }
        list.answered(place);
        next();
    }

    /** The question could not even be asked. */
    void unasked(Place place, String why) {
        asked.remove(place);
        failed = true;
        problem = "reading " + name(place) + ": " + why;
        list.answered(place);
        next();
    }

    boolean sweeping() {
        return sweeping;
    }

    /** Tells once that a sweep that was asked for has come to its end, and whether it read everything. */
    boolean takeSwept() {
        boolean done = sweeping && list.isSwept();
        sweeping &= !done;
        return done && !failed;
    }

    boolean failed() {
        return failed;
    }

    /** Tells once whether anything changed since the last time. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** Differences that no event had announced, since the last time. */
    long takeDifferences() {
        long was = differences;
        differences = 0;
        return was;
    }

    String problem() {
        return problem;
    }

    /** What is known now; costs a copy of those services only that changed since the last time. */
    T whole() {
        Table.Edit<NavigableMap<String, N>> next = told.edit();
        since.forEach((service, nodes) -> {
            if (nodes.isEmpty()) {
                next.remove(service);
            } else {
                next.put(service, Collections.unmodifiableNavigableMap(nodes));
            }
        });
        since.clear();
        told = next.done();
        return subject.whole(told);
    }

    int size() {
        return services().stream().mapToInt(service -> nodesOf(service).size()).sum();
    }

    private Set<String> services() {
        Set<String> services = new HashSet<>(told.keySet());
        services.addAll(since.keySet());
        return services;
    }

    private void next() {
        while (asked.size() < MOST_UNDER_WAY) {
            Optional<Place> found = list.next();
            if (found.isEmpty()) {
                return;
            }
            Place place = found.get();
            asked.add(place);
            if (place.isNode()) {
                source.readNode(place);
            } else {
                source.readChildren(place);
            }
        }
    }

    /** ZooKeeper delivers the event of a change before any reading that shows it; so what was not announced was missed. */
    private void different(Place place) {
        changed = true;
        boolean told = announced.contains(place) || announced.contains(new Place(place.service(), ""));
        if (!told && !announced.contains(Place.ROOT)) {
            differences++;
        }
    }

    private void fail(Place place, Code code) {
        failed = true;
        problem = "reading " + name(place) + ": " + code;
    }

    private String name(Place place) {
        return place.isRoot() ? "the " + subject.what() : place.service() + (place.isNode() ? "/" + place.node() : "");
    }

    private Map<String, N> nodesOf(String service) {
        TreeMap<String, N> changing = since.get(service);
        return changing != null ? changing : told.getOrDefault(service, Collections.emptyNavigableMap());
    }

    private void put(Place place, N node) {
        if (!node.equals(nodesOf(place.service()).get(place.node()))) {
            changing(place.service()).put(place.node(), node);
        }
    }

    private void remove(Place place) {
        if (nodesOf(place.service()).containsKey(place.node())) {
            changing(place.service()).remove(place.node());
        }
    }

    /** A copy to write to: what was handed on belongs to others. */
    private Map<String, N> changing(String service) {
        changed = true;
        return since.computeIfAbsent(service, name -> new TreeMap<>(nodesOf(name)));
    }
}
