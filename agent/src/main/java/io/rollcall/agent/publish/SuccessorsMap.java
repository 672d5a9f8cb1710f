package io.rollcall.agent.publish;

import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The text of {@code successors.map} and what the next one has to know of it: for each backend of a service the one to try when it
 * cannot be reached.
 *
 * <p>A backend that is gone keeps a successor for one more publication: it may have been picked just before, and a second try that
 * finds no successor picks anew.
 *
 * @param targets by service name, for the next publication
 */
record SuccessorsMap(String text, Map<String, List<Target>> targets) {
    private static final String HEADER = """
            # Rollcall: where the second try goes. Written by the agent; do not edit.
            # name/address next-address
            """;

    static final SuccessorsMap NONE = new SuccessorsMap(HEADER, Map.of());

    static SuccessorsMap of(View view, SuccessorsMap before) {
        StringBuilder text = new StringBuilder(HEADER);
        SortedMap<String, List<Target>> targets = new TreeMap<>();
        for (Service service : view.services().values()) {
            List<Target> ring = service.known()
                    ? service.routable().stream()
                            .map(backend -> backend.target())
                            .toList()
                    : List.of();
            if (ring.isEmpty()) {
                continue;
            }
            targets.put(service.name(), ring);
            for (int i = 0; i < ring.size() && ring.size() > 1; i++) {
                line(text, service, ring.get(i), ring.get((i + 1) % ring.size()));
            }
            Set<Target> here = Set.copyOf(ring);
            before.targets.getOrDefault(service.name(), List.of()).stream()
                    .filter(old -> !here.contains(old))
                    .forEach(gone -> line(text, service, gone, ring.get(0)));
        }
        return new SuccessorsMap(text.toString(), targets);
    }

    private static void line(StringBuilder text, Service service, Target from, Target to) {
        text.append(service.key())
                .append('/')
                .append(from)
                .append(' ')
                .append(to)
                .append('\n');
    }
}
