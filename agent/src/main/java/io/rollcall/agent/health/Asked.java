package io.rollcall.agent.health;

import io.rollcall.agent.health.Condition.Fit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one probe tells of: a server may have a thousand names. Of one that is fit a probe that passes says nothing new, so where they
 * are many only the others are looked at then. Used by one thread.
 */
final class Asked {
    /** Fewer are looked at as quickly as it is said who need not be; and there may be 100,000 of these. */
    private static final int MANY = 8;

    private record Followed(Candidate candidate, long since, Track track) {}

    private final Map<Candidate, Followed> all = new HashMap<>(1);
    private @Nullable Map<Candidate, Followed> open; // those that a probe that passes may change; null: look at all
    private @Nullable Followed youngest; // of the others, the one that has been fit for the shortest time

    void add(Candidate candidate, long now, Track track) {
        Followed followed = new Followed(candidate, now, track);
        all.put(candidate, followed);
        if (open != null) {
            open.put(candidate, followed);
        }
    }

    void remove(Candidate candidate) {
        all.remove(candidate);
        if (open != null) {
            open.remove(candidate);
        }
    }

    boolean contains(Candidate candidate) {
        return all.containsKey(candidate);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Something else than a probe was told of it. */
    void open(Candidate candidate) {
        Followed followed = all.get(candidate);
        if (open != null && followed != null) {
            open.put(candidate, followed);
        }
    }

    /** Whether the next probe may take one of them out. */
    boolean inDoubt() {
        Collection<Followed> some = (open == null ? all : open).values();
        return some.stream()
                .anyMatch(each ->
                        each.track().condition() instanceof Fit && each.track().inDoubt());
    }

    /** Takes note of a probe's outcome; returns how long after its start the next one is due. */
    long heard(Outcome outcome, long startedAt, Ward ward, long now) {
        boolean some = open != null && outcome instanceof Outcome.Passed;
        Collection<Followed> looked = (open != null && some ? open : all).values();
        Followed rested = some && looked.size() < all.size() ? youngest : null;
        long pause = rested == null ? Long.MAX_VALUE : ward.pause(rested.candidate(), rested.track(), now);
        if (!some) {
            open = null; // and so it stays if this breaks off
        }
        Map<Candidate, Followed> still = new HashMap<>(1);
        for (Followed each : looked) {
            boolean concerned = startedAt - each.since() >= 0;
            if (concerned && outcome instanceof Outcome.Passed) {
                ward.passed(each.candidate(), each.track(), now);
            } else if (concerned && outcome instanceof Outcome.Failed failed) {
                ward.failed(each.candidate(), failed.failure(), now);
            }
            pause = concerned ? Math.min(pause, ward.pause(each.candidate(), each.track(), now)) : 0;
            if (concerned
                    && each.track().condition() instanceof Fit fit
                    && !each.track().inDoubt()) {
                rested = rested == null
                                || fit.since() - rested.track().condition().since() > 0
                        ? each
                        : rested;
            } else {
                still.put(each.candidate(), each);
            }
        }
        youngest = rested;
        open = all.size() < MANY ? null : still;
        return pause;
    }
}
