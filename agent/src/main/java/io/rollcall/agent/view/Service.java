package io.rollcall.agent.view;

import io.rollcall.agent.health.Candidate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A name and its backends.
 *
 * @param name in its compared form
 * @param hosted whether it answers to {@code Host:}
 * @param known whether httpd is told of it: it has, or had and still remembers, a backend that was not refused
 * @param backends all of its znodes, sorted by path
 */
public record Service(String name, boolean hosted, boolean known, List<Backend> backends, Wellness wellness) {
    public Service {
        backends = backends.size() < 2
                ? List.copyOf(backends)
                : backends.stream().sorted(Comparator.comparing(Backend::path)).toList();
    }

    /** The key under which httpd finds it. A name that does not answer to {@code Host:} has one that no Host can spell. */
    public String key() {
        return hosted ? name : "=" + name;
    }

    /** Where nothing is probed. */
    public Service(String name, boolean hosted, boolean known, List<Backend> backends) {
        this(name, hosted, known, backends, Wellness.NONE);
    }

    public Optional<Patient> patient(Backend backend) {
        return Optional.ofNullable(wellness.patients().get(backend.path()));
    }

    /** Those whose health is worth following. */
    public Set<Candidate> candidates() {
        return wellness.patients().values().stream().map(Patient::candidate).collect(Collectors.toUnmodifiableSet());
    }

    /** Nodes that were rejected: malformed or forbidden. */
    List<Backend> refused() {
        return backends.stream()
                .filter(backend -> backend.standing() instanceof Standing.Refused)
                .toList();
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
