package io.rollcall.agent.view;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The names that were ever published, so that a service whose last backend is gone answers 503 and not 404.
 *
 * @param since by name: when its last backend went, or empty while it has any
 */
public record KnownNames(NavigableMap<String, Optional<Instant>> since) {
    public static final KnownNames NONE = new KnownNames(new TreeMap<>());

    public KnownNames {
        since = java.util.Collections.unmodifiableNavigableMap(new TreeMap<>(since));
    }

    /** What is known once {@code present} have backends: they are, and those gone for longer than {@code forgetAfter} are not. */
    KnownNames update(Set<String> present, Instant now, Duration forgetAfter) {
        TreeMap<String, Optional<Instant>> next = new TreeMap<>();
        for (Map.Entry<String, Optional<Instant>> known : since.entrySet()) {
            // A time to come is of a clock that was wrong: the name would stay for as long as that clock was ahead.
            Instant gone = known.getValue().filter(time -> !time.isAfter(now)).orElse(now);
            if (gone.plus(forgetAfter).isAfter(now)) {
                next.put(known.getKey(), Optional.of(gone));
            }
        }
        present.forEach(name -> next.put(name, Optional.empty()));
        return next.equals(since) ? this : new KnownNames(next);
    }

    public KnownNames without(String name) {
        TreeMap<String, Optional<Instant>> next = new TreeMap<>(since);
        next.remove(name);
        return new KnownNames(next);
    }
}
