package io.rollcall.drain;

import io.rollcall.drain.Event.Kind;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Order;
import io.rollcall.registry.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One service at one moment.
 *
 * @param members by id
 * @param orders by the id of the backend that they are for
 */
record Scene(Map<String, Member> members, Map<String, Progress> orders) {
    static final Scene EMPTY = new Scene(Map.of(), Map.of());

    /** What happened between two moments; the time is to be added. Pure. */
    static List<Event> changes(String service, Scene before, Scene after, boolean first) {
        List<Event> events = new ArrayList<>();
        for (String id : union(before.members, after.members)) {
            Member was = before.members.get(id);
            Member now = after.members.get(id);
            member(was, now, first).ifPresent(what -> events.add(event(service, id, now == null ? was : now, what)));
        }
        for (String id : union(before.orders, after.orders)) {
            Member member = after.members.getOrDefault(id, before.members.get(id));
            order(before.orders.get(id), after.orders.get(id), after.members.get(id))
                    .forEach(what -> events.add(event(service, id, member, what)));
        }
        return events;
    }

    private record What(Kind kind, String detail) {}

    private static Optional<What> member(@Nullable Member was, @Nullable Member now, boolean first) {
        if (now == null) {
            boolean told = was == null || was.instance().state() == State.LEFT;
            return told ? Optional.empty() : Optional.of(new What(Kind.LOST, "without a word"));
        }
        State state = now.instance().state();
        if (was == null) {
            String suffix = state == State.UP ? "" : "and is " + state.word();
            return state == State.LEFT
                    ? Optional.empty()
                    : Optional.of(new What(first ? Kind.PRESENT : Kind.JOINED, suffix));
        }
        if (!was.instance().incarnation().equals(now.instance().incarnation())) {
            return Optional.of(new What(Kind.RESTARTED, ""));
        }
        if (state == State.LEFT) {
            return was.instance().state() == State.LEFT ? Optional.empty() : Optional.of(new What(Kind.LEFT, ""));
        }
        String difference = difference(was, now);
        return difference.isEmpty() ? Optional.empty() : Optional.of(new What(Kind.CHANGED, difference));
    }

    private static String difference(Member was, Member now) {
        Instance before = was.instance();
        Instance after = now.instance();
        Map<String, String> changed = new TreeMap<>();
        note(changed, "state", before.state().word(), after.state().word());
        note(changed, "weight", "" + before.weight(), "" + after.weight());
        note(changed, "address", was.target(), now.target());
        note(changed, "version", before.version(), after.version());
        return changed.values().stream().collect(Collectors.joining(", "));
    }

    private static void note(Map<String, String> changed, String name, String before, String after) {
        if (!before.equals(after)) {
            changed.put(name, name + " from " + before + " to " + after);
        }
    }

    private static List<What> order(@Nullable Progress was, @Nullable Progress now, @Nullable Member member) {
        List<What> events = new ArrayList<>();
        Optional<Order> before = was == null ? Optional.empty() : was.order();
        Optional<Order> after = now == null ? Optional.empty() : now.order();
        if (after.isPresent() && !after.equals(before)) {
            events.add(new What(Kind.ORDERED, OrderDesk.describe(after.get())));
        }
        boolean quiet = now != null && now.isQuiet();
        if (quiet && (was == null || !was.isQuiet() || !after.equals(before))) {
            events.add(new What(Kind.QUIET, "and may be stopped"));
        }
        if (after.isEmpty() && before.isPresent() && member != null && isAbout(before.get(), member)) {
            events.add(new What(Kind.TAKEN_BACK, ""));
        }
        return events;
    }

    private static boolean isAbout(Order order, Member member) {
        return order.incarnation().isEmpty()
                || order.incarnation().equals(member.instance().incarnation());
    }

    private static Event event(String service, String id, @Nullable Member member, What what) {
        return new Event(
                Instant.EPOCH,
                what.kind(),
                service,
                id,
                member == null ? "" : member.target(),
                member == null ? "" : member.instance().version(),
                what.detail());
    }

    private static TreeSet<String> union(Map<String, ?> one, Map<String, ?> other) {
        TreeSet<String> all = new TreeSet<>(one.keySet());
        all.addAll(other.keySet());
        return all;
    }
}
