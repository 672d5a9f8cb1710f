package io.rollcall.agent.publish;

import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing.Routable;
import io.rollcall.agent.view.View;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The text of {@code successors.map}: for each backend of a service the one to try when it cannot be reached. */
final class SuccessorsMap {
    private static final String HEADER = """
            # Rollcall: where the second try goes. Written by the agent; do not edit.
            # name/address next-address
            """;

    private SuccessorsMap() {}

    static String of(View view) {
        return text(ring(view));
    }

    /** From {@code name/address} to the next address. */
    static SortedMap<String, String> ring(View view) {
        SortedMap<String, String> successors = new TreeMap<>();
        for (Service service : view.services().values()) {
            List<Routable> ring = service.known() ? service.routable() : List.of();
            for (int i = 0; i < ring.size() && ring.size() > 1; i++) {
                successors.put(
                        service.key() + "/" + ring.get(i).target(),
                        ring.get((i + 1) % ring.size()).target().toString());
            }
        }
        return successors;
    }

    static SortedMap<String, String> union(SortedMap<String, String> old, SortedMap<String, String> now) {
        SortedMap<String, String> both = new TreeMap<>(old);
        both.putAll(now);
        return both;
    }

    static String text(SortedMap<String, String> successors) {
        StringBuilder text = new StringBuilder(HEADER);
        successors.forEach(
                (key, next) -> text.append(key).append(' ').append(next).append('\n'));
        return text.toString();
    }
}
