package io.rollcall.agent.traffic;

import io.rollcall.agent.logs.RequestEnd;
import io.rollcall.agent.logs.RequestEnd.Try;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Which part of the requests went to backends for which httpd keeps connections. What {@code workers.conf} says now proves nothing:
 * httpd has what it read at its last reload, so each line of its log names the version. Guarded by itself.
 */
public final class Declared {
    /** Besides the one that the log named last. Of a version that is not known any more nothing is said. */
    private static final int MOST_VERSIONS = 16;

    private static final double HALF_LIFE = 10e9; // nanoseconds

    private final LongSupplier nanos;
    private final Map<String, Set<String>> versions = new LinkedHashMap<>(16, 0.75f, true); // by use
    private Set<String> newest = Set.of();
    private Optional<String> read = Optional.empty();
    private double declared;
    private double generic;
    private double unknown;
    private long decayedAt;

    public Declared(LongSupplier nanos) {
        this.nanos = nanos;
        this.decayedAt = nanos.getAsLong();
    }

    /** A version that httpd may read from now on. */
    public synchronized void version(String id, Set<String> targets) {
        newest = Set.copyOf(targets);
        versions.put(id, newest);
        read.ifPresent(versions::get); // httpd may go on with it for long while others come and go
        if (versions.size() > MOST_VERSIONS) {
            versions.remove(versions.keySet().iterator().next());
        }
    }

    /** A request is over. */
    public synchronized void ended(RequestEnd end) {
        decay();
        count(end.first(), end.workers());
        if (end.twice()) {
            count(end.last(), end.workers());
        }
    }

    /** How it was lately, and how it is. */
    public synchronized DeclaredReport report() {
        decay();
        double all = declared + generic + unknown;
        boolean none = all < 0.01;
        Optional<Integer> known = targets(read)
                .map(targets -> (int) newest.stream().filter(targets::contains).count());
        return new DeclaredReport(newest.size(), known, none ? 0 : declared / all, none ? 0 : generic / all, none);
    }

    private void count(Try one, Optional<String> workers) {
        if (one.backend().isEmpty() || !one.connected()) {
            return;
        }
        read = workers;
        Optional<Set<String>> targets = targets(workers);
        if (targets.isEmpty()) {
            unknown++;
        } else if (targets.get().contains(one.backend())) {
            declared++;
        } else {
            generic++;
        }
    }

    private Optional<Set<String>> targets(Optional<String> version) {
        return version.map(id -> id.isEmpty() ? Set.of() : versions.get(id));
    }

    private void decay() {
        long now = nanos.getAsLong();
        double factor = Math.pow(0.5, (now - decayedAt) / HALF_LIFE);
        decayedAt = now;
        declared *= factor;
        generic *= factor;
        unknown *= factor;
    }
}
