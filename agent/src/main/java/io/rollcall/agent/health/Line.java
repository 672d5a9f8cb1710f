package io.rollcall.agent.health;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;

/** Subjects that wait for a probe: the urgent ones first, else as they came. None is in it twice. Used by one thread. */
final class Line {
    private final Set<Subject> urgent = new LinkedHashSet<>();
    private final Set<Subject> others = new LinkedHashSet<>();

    /** Who is urgent stays so. */
    void add(Subject subject, boolean isUrgent) {
        if (isUrgent) {
            others.remove(subject);
            urgent.add(subject);
        } else if (!urgent.contains(subject)) {
            others.add(subject);
        }
    }

    void remove(Subject subject) {
        urgent.remove(subject);
        others.remove(subject);
    }

    boolean contains(Subject subject) {
        return urgent.contains(subject) || others.contains(subject);
    }

    boolean isEmpty() {
        return urgent.isEmpty() && others.isEmpty();
    }

    boolean isUrgent() {
        return !urgent.isEmpty();
    }

    Subject poll() {
        if (isEmpty()) {
            throw new NoSuchElementException("nobody waits");
        }
        Iterator<Subject> first = (isUrgent() ? urgent : others).iterator();
        Subject subject = first.next();
        first.remove();
        return subject;
    }
}
