package io.rollcall.drain;

import io.rollcall.registry.Order;
import java.time.Duration;
import java.util.Objects;

/**
 * How an order is given.
 *
 * @param by who gives it, for people
 * @param deadline how long it stands if it cannot be carried out, counted by each agent from when it first saw it
 * @param force drain also the last backend that takes requests
 * @param incarnation only the process with this one; empty: whichever has the id
 */
public record Terms(String by, Duration deadline, boolean force, String incarnation) {
    /** User and host of this process, 24 hours, no force. */
    public static final Terms DEFAULT = new Terms(Names.self(), Order.DEFAULT_DEADLINE, false, "");

    public Terms {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(incarnation, "incarnation");
        if (deadline.toSeconds() < 1 || deadline.compareTo(Order.MAX_DEADLINE) > 0) {
            throw new IllegalArgumentException(
                    "deadline: " + deadline + " (expected: 1 s to " + Order.MAX_DEADLINE.toDays() + " days)");
        }
    }

    public Terms by(String who) {
        return new Terms(who, deadline, force, incarnation);
    }

    public Terms deadline(Duration time) {
        return new Terms(by, time, force, incarnation);
    }

    public Terms force(boolean yes) {
        return new Terms(by, deadline, yes, incarnation);
    }

    public Terms incarnation(String only) {
        return new Terms(by, deadline, force, only);
    }
}
