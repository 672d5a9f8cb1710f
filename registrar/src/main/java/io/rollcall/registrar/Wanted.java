package io.rollcall.registrar;

import io.rollcall.registry.State;
import java.time.Duration;

/**
 * What a backend wants the tree to say of it, as far as that changes while it is registered.
 *
 * @param linger how long it goes on serving after it has said that it leaves
 */
record Wanted(State state, int weight, Duration linger) {
    boolean leaving() {
        return state == State.LEFT;
    }

    Wanted left() {
        return new Wanted(State.LEFT, weight, linger);
    }

    Wanted withState(State next) {
        return new Wanted(next, weight, linger);
    }

    Wanted withWeight(int next) {
        return new Wanted(state, next, linger);
    }

    Wanted withLinger(Duration next) {
        return new Wanted(state, weight, next);
    }
}
