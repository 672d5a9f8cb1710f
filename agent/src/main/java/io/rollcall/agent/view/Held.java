package io.rollcall.agent.view;

import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.table.Table;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Paths;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Absentees that are held, and the registry's roll with them. They may be all there are, and each that comes back is a change: so the
 * work depends on what differs from the last time and not on how many are held. Used by one thread.
 */
final class Held {
    private static final long LONGEST = 300_000_000_000L;

    private final Paths paths;
    private final Map<String, List<Absentee>> services = new HashMap<>(); // by compared form
    private final Deque<Absentee> byAge =
            new ArrayDeque<>(); // the oldest first, those that were released since included
    private final Set<String> changed = new HashSet<>(); // services as written, since the last roll
    private Table<Node> nodes = Table.empty(); // by path
    private Conditions conditions = Conditions.NONE; // when they were last reviewed
    private Roll read = Roll.EMPTY; // what the registry said the last time
    private Roll believed = Roll.EMPTY; // that, with those who were held then

    Held(Paths paths) {
        this.paths = paths;
    }

    /** By path. */
    Table<Node> nodes() {
        return nodes;
    }

    void add(Absentee absentee) {
        services.computeIfAbsent(absentee.candidate().service(), name -> new ArrayList<>(1))
                .add(absentee);
        byAge.add(absentee);
        nodes = nodes.edit().put(path(absentee), absentee.node()).done();
        changed.add(absentee.node().service());
    }

    /** Releases those that are back, are dead, or have been held for long. */
    void review(Roll roll, Conditions next, long now) {
        while (!byAge.isEmpty() && now - byAge.element().lostAt() > LONGEST) {
            release(byAge.remove());
        }
        if (!services.isEmpty()) {
            Set<String> names = new HashSet<>(next.services().changedSince(conditions.services()));
            for (String service : roll.services().changedSince(read.services())) {
                HostNames.normal(service).ifPresent(names::add);
            }
            for (String name : names) {
                for (Absentee each : List.copyOf(services.getOrDefault(name, List.of()))) {
                    if (each.isBack(roll) || each.isDead(next)) {
                        release(each);
                    }
                }
            }
        }
        conditions = next;
    }

    /** What the registry says, and these besides. */
    Roll with(Roll roll) {
        if (nodes.isEmpty()) {
            believed = roll;
        } else {
            changed.addAll(roll.services().changedSince(read.services()));
            Table.Edit<NavigableMap<String, Node>> edit = believed.services().edit();
            for (String service : changed) {
                NavigableMap<String, Node> all = with(service, roll.services().get(service));
                if (all.isEmpty()) {
                    edit.remove(service);
                } else {
                    edit.put(service, all);
                }
            }
            believed = new Roll(edit.done());
        }
        changed.clear();
        read = roll;
        return believed;
    }

    private NavigableMap<String, Node> with(String service, @Nullable NavigableMap<String, Node> there) {
        List<Node> more = HostNames.normal(service).map(services::get).orElse(List.of()).stream()
                .map(Absentee::node)
                .filter(node -> node.service().equals(service))
                .toList();
        if (there != null && more.isEmpty()) {
            return there;
        }
        NavigableMap<String, Node> all = there == null ? new TreeMap<>() : new TreeMap<>(there);
        more.forEach(node -> all.put(node.name(), node));
        return Collections.unmodifiableNavigableMap(all);
    }

    /** Does nothing for one that is not held any more. */
    private void release(Absentee absentee) {
        List<Absentee> own = services.getOrDefault(absentee.candidate().service(), new ArrayList<>());
        if (own.remove(absentee)) {
            if (own.isEmpty()) {
                services.remove(absentee.candidate().service());
            }
            nodes = nodes.edit().remove(path(absentee)).done();
            changed.add(absentee.node().service());
        }
    }

    private String path(Absentee absentee) {
        return paths.node(absentee.node().service(), absentee.node().name());
    }
}
