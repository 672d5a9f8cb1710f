package io.rollcall.registrar;

import io.rollcall.registry.State;

/** What a backend wants the tree to say of it, as far as that changes while it is registered. */
record Wanted(State state, int weight) {
    boolean leaving() {
        return state == State.LEFT;
    }

    Wanted left() {
        return new Wanted(State.LEFT, weight);
    }
}
