package io.rollcall.agent.view;

import java.util.Comparator;
import java.util.List;

/**
 * A name and its backends.
 *
 * @param name in its compared form
 * @param hosted whether it answers to {@code Host:}
 * @param known whether httpd is told of it: it has, or had and still remembers, a backend that was not refused
 * @param backends all of its znodes, sorted by path
 */
public record Service(String name, boolean hosted, boolean known, List<Backend> backends) {
    public Service {
        backends = backends.stream().sorted(Comparator.comparing(Backend::path)).toList();
    }

    /** The key under which httpd finds it. A name that does not answer to {@code Host:} has one that no Host can spell. */
    public String key() {
        return hosted ? name : "=" + name;
    }

    /** Those that get new requests, sorted by target; a target that is registered twice counts once, with the higher weight. */
    public List<Standing.Routable> routable() {
        java.util.TreeMap<Target, Standing.Routable> byTarget = new java.util.TreeMap<>();
        for (Backend backend : backends) {
            if (backend.standing() instanceof Standing.Routable routable) {
                byTarget.merge(routable.target(), routable, (a, b) -> a.weight() >= b.weight() ? a : b);
            }
        }
        return List.copyOf(byTarget.values());
    }
}
