package io.rollcall.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a backend says of itself. Only {@link #UP} gets new requests. */
public enum State {
    /** Takes requests. */
    UP,
    /** Finishes what it has and wants nothing new. */
    DRAINING,
    /** Present, but wants no requests at all: starting, paused, under repair. */
    DOWN,
    /** Has said goodbye; its znode only waits for its end. */
    LEFT;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<State> of(String word) {
        return Arrays.stream(values())
                .filter(state -> state.word().equals(word))
                .findFirst();
    }

    public static String words() {
        return Arrays.stream(values()).map(State::word).collect(Collectors.joining(", "));
    }
}
