package io.rollcall.agent.view;

/** Whether a backend may get new requests, and if not, why. */
public sealed interface Standing {
    /**
     * Gets new requests.
     *
     * @param weight from 1, its share relative to its neighbours
     */
    record Routable(Target target, int weight) implements Standing {}

    /**
     * Gets nothing new, and finishes what it has: its own state says so, or an order does. Not an absence: whoever is bound to it may
     * stay.
     */
    record Draining(Target target, int weight, String reason) implements Standing {}

    /** Would get requests if it were fit: its first probe has not passed yet, or it is ejected. */
    record Unwell(Target target, int weight, String reason) implements Standing {}

    /** Present and sound, but gets nothing new: down, left, of weight 0, or replaced by a younger node of its id. */
    record Aside(String reason) implements Standing {}

    /** Not to be used at all: what stands in its znode is malformed or forbidden. */
    record Refused(String reason) implements Standing {}

    static Standing refused(String reason) {
        return new Refused(reason);
    }

    static Standing aside(String reason) {
        return new Aside(reason);
    }
}
