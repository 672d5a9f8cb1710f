package io.rollcall.agent.view;

import io.rollcall.agent.table.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that were ever published, so that a service whose last backend is gone answers 503 and not 404.
 *
 * @param since by name: when its last backend went, or empty while it has any
 */
public record KnownNames(Table<Optional<Instant>> since) {
    public static final KnownNames NONE = new KnownNames(Table.empty());

    public static KnownNames of(Map<String, Optional<Instant>> since) {
        return new KnownNames(Table.copyOf(since));
    }

    /** What is known once, of the names {@code changed}, those {@code present} have backends and the others have none. */
    KnownNames update(Collection<String> changed, Set<String> present, Instant now) {
        Table.Edit<Optional<Instant>> next = since.edit();
        for (String name : changed) {
            Optional<Instant> gone = since.get(name);
            if (present.contains(name)) {
                if (gone == null || gone.isPresent()) {
                    next.put(name, Optional.empty());
                }
            } else if (gone != null && gone.isEmpty()) {
                next.put(name, Optional.of(now));
            }
        }
        return new KnownNames(next.done());
    }

    /** Without those that are gone for longer than {@code forgetAfter}. It looks at all. */
    KnownNames forget(Instant now, Duration forgetAfter) {
        Table.Edit<Optional<Instant>> next = since.edit();
        since.forEach((name, then) -> then.ifPresent(gone -> {
            if (gone.isAfter(now)) {
                // A time to come is of a clock that was wrong: the name would stay for as long as that clock was ahead.
                next.put(name, Optional.of(now));
            } else if (!gone.plus(forgetAfter).isAfter(now)) {
                next.remove(name);
            }
        }));
        return new KnownNames(next.done());
    }

    public KnownNames without(String name) {
        return new KnownNames(since.edit().remove(name).done());
    }
}
