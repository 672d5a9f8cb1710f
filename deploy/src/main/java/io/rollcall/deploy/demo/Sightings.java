package io.rollcall.deploy.demo;

import io.rollcall.apache.LoadClient.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the load saw: when each backend answered first and last, and every request that failed. Times by {@link System#nanoTime}. */
final class Sightings {
    /** When a backend answered, and how often. */
    record Seen(long firstNanos, long lastNanos, long answers) {}

    // All guarded by this: the loads write, the story reads.
    private final Map<String, Seen> backends = new TreeMap<>();
    private final List<Exchange> failures = new ArrayList<>();
    private long requests;

    synchronized void add(Exchange exchange) {
        requests++;
        if (!exchange.good()) {
            failures.add(exchange);
            return;
        }
        long at = exchange.endedNanos();
        backends.merge(
                exchange.backend(), new Seen(at, at, 1), (old, now) -> new Seen(old.firstNanos, at, old.answers + 1));
    }

    synchronized Optional<Seen> of(String backend) {
        return Optional.ofNullable(backends.get(backend));
    }

    synchronized List<Exchange> failures() {
        return List.copyOf(failures);
    }

    synchronized long requests() {
        return requests;
    }
}
