package io.rollcall.bench.contender;

import io.rollcall.deploy.stage.Place;
import java.util.Map;

/** The kinds of map that an agent chooses between by the length of the text, each whatever that is. */
public enum MapKind {
    TEXT(1 << 30),
    HASHED(0);

    /** Of which Rollcall's contender it is. */
    public static final String CONTENDER = "rollcall-maps";

    private final int mostBytes;

    /** With an agent that has text alone up to so many bytes. */
    MapKind(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** A registry with an agent that publishes this kind. */
    public Registry start(Place place, Map<String, String> addresses) throws Exception {
        Registry registry = Registry.start(place, addresses, "-Drollcall.text.alone=" + mostBytes);
        registry.awaitKind(this == HASHED, addresses.keySet());
        return registry;
    }
}
