package io.rollcall.agent.health;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** When to probe whom next. Used by one thread. */
final class Agenda {
    /** The part of its pause by which somebody may be asked later, together with others: each time the thread wakes costs half a probe. */
    private static final int LATER = 50;

    private record Due(Subject subject, long at) {}

    private final Map<Subject, Due> due = new HashMap<>();
    private final PriorityQueue<Due> queue = new PriorityQueue<>((a, b) -> Long.signum(a.at() - b.at()));

    /** Not later than at this moment. */
    void add(Subject subject, long at) {
        Due before = due.get(subject);
        if (before == null || at - before.at() < 0) {
            Due next = new Due(subject, at);
            due.put(subject, next);
            queue.add(next);
        }
    }

    /** A moment soon after this one that is the same for many, whatever their pauses. */
    static long withOthers(long at, long pause) {
        long apart = Long.highestOneBit(Math.max(LATER, pause) / LATER);
        return at - Math.floorMod(at, apart) + apart;
    }

    /** Nobody waits longer than until the moment that is asked for here. */
    void hurry(LongSupplier latest) {
        List.copyOf(due.keySet()).forEach(subject -> add(subject, latest.getAsLong()));
    }

    void remove(Subject subject) {
        due.remove(subject); // what is left in the queue is passed over
    }

    boolean contains(Subject subject) {
        return due.containsKey(subject);
    }

    /** Takes one out whose moment has come. */
    Optional<Subject> poll(long now) {
        for (Due first = queue.peek(); first != null && first.at() - now <= 0; first = queue.peek()) {
            queue.poll();
            if (due.remove(first.subject(), first)) {
                return Optional.of(first.subject());
            }
        }
        return Optional.empty();
    }

    /** The moment of the next one, or an earlier one. */
    OptionalLong next() {
        Due first = queue.peek();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.at());
    }
}
