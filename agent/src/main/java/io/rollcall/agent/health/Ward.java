package io.rollcall.agent.health;

import io.rollcall.agent.health.Condition.Fit;
import io.rollcall.agent.health.Condition.Fresh;
import io.rollcall.agent.health.Condition.Unfit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** All candidates that are followed. Used by one thread; no clock and no chance of its own. */
final class Ward {
    /** How soon to ask again where the answer changes something at once. */
    private static final long SOON = 50_000_000L;

    /** For each that is not fit: all of them together are asked a thousand times a second at most. */
    private static final long TURN = 1_000_000L;

    /** How long a backend that is new or unfit is asked that often while others of its service are fit. */
    private static final long EAGER = 10_000_000_000L;

    private final Settings settings;
    private final Map<Candidate, Track> tracks = new HashMap<>();
    private final Map<String, Set<Candidate>> services = new HashMap<>();
    private final Set<Candidate> settled = new HashSet<>();
    private final Set<Track> starting = new HashSet<>();
    private Conditions conditions;
    private boolean changed;
    private long unwell; // how many are fresh or unfit

    Ward(Settings settings, long now) {
        this.settings = settings;
        // Until somebody is followed nothing is known to be new.
        this.conditions = Conditions.of(Map.of(), new Fit(now, Fit.FULL));
    }

    /**
     * Follows a candidate from now on.
     *
     * @param trusted it got requests before
     * @param early it was there when the agent came: no slow start
     */
    void admit(Candidate candidate, long now, boolean trusted, boolean early) {
        tracks.computeIfAbsent(candidate, key -> {
            services.computeIfAbsent(key.service(), name -> new HashSet<>()).add(key);
            if (early) {
                settled.add(key);
            }
            changed = true;
            Track track = new Track(settings, now, trusted);
            count(track, 1);
            return track;
        });
    }

    void dismiss(Candidate candidate) {
        Track track = tracks.remove(candidate);
        if (track != null) {
            starting.remove(track);
            count(track, -1);
            settled.remove(candidate);
            Set<Candidate> others = services.getOrDefault(candidate.service(), new HashSet<>());
            others.remove(candidate);
            if (others.isEmpty()) {
                services.remove(candidate.service());
            }
            changed = true;
        }
    }

    void passed(Candidate candidate, long now) {
        Track track = tracks.get(candidate);
        if (track != null) {
            Condition before = track.condition();
            boolean slowly = !(before instanceof Fit) && !settled.contains(candidate) && hasOldHands(candidate, now);
            track.passed(now, slowly, !hasFit(candidate.service()));
            settle(candidate, before, track);
        }
    }

    void failed(Candidate candidate, Failure failure, long now) {
        Track track = tracks.get(candidate);
        if (track != null) {
            Condition before = track.condition();
            track.failed(now, failure);
            settle(candidate, before, track);
        }
    }

    boolean isFit(Candidate candidate) {
        return condition(candidate) instanceof Fit;
    }

    /** Lets slow starts grow; returns in how many nanoseconds the next one does, or empty if none is under way. */
    OptionalLong advance(long now) {
        long next = Long.MAX_VALUE;
        for (Iterator<Track> each = starting.iterator(); each.hasNext(); ) {
            Track track = each.next();
            changed |= track.advance(now);
            long step = track.nextStep(now);
            if (step < 0) {
                each.remove();
            } else {
                next = Math.min(next, step);
            }
        }
        return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** How long after a probe of it the next one is due. */
    long pause(Candidate candidate, long now) {
        long interval = settings.interval().orElseThrow().toNanos();
        Track track = tracks.get(candidate);
        if (track == null) {
            return interval;
        }
        Condition condition = track.condition();
        boolean soon = condition instanceof Fit
                ? track.inDoubt()
                : now - condition.since() < EAGER || !hasFit(candidate.service());
        return soon ? Math.min(Math.max(SOON, unwell * TURN), interval) : interval;
    }

    /** Whether {@link #conditions} has another value than before. */
    boolean isChanged() {
        return changed;
    }

    /** The same value for as long as nothing changed. */
    Conditions conditions(long now) {
        if (changed) {
            changed = false;
            Map<Candidate, Condition> all = new HashMap<>(2 * tracks.size());
            tracks.forEach((candidate, track) -> all.put(candidate, track.condition()));
            Condition unknown = settings.firstRequired() ? new Fresh(now, "") : new Fit(now, Fit.FULL);
            conditions = new Conditions(all, unknown, HostFault.judge(all, conditions.heldSince(), now));
        }
        return conditions;
    }

    private void settle(Candidate candidate, Condition before, Track track) {
        if (!before.equals(track.condition())) {
            changed = true;
            unwell -= before instanceof Fit ? 0 : 1;
            count(track, 1);
            if (track.condition() instanceof Unfit) {
                settled.remove(candidate); // when it comes back it starts slowly
            } else if (track.condition() instanceof Fit) {
                starting.add(track);
            }
        }
    }

    private void count(Track track, int change) {
        unwell += track.condition() instanceof Fit ? 0 : change;
    }

    private boolean hasFit(String service) {
        for (Candidate candidate : services.getOrDefault(service, Set.of())) {
            if (condition(candidate) instanceof Fit) {
                return true;
            }
        }
        return false;
    }

    /** Somebody else has been fit for longer than a slow start: when all are new there is nobody to spare them for. */
    private boolean hasOldHands(Candidate candidate, long now) {
        for (Candidate other : services.getOrDefault(candidate.service(), Set.of())) {
            if (!other.equals(candidate)
                    && condition(other) instanceof Fit fit
                    && (settled.contains(other)
                            || now - fit.since() >= settings.slowStart().toNanos())) {
                return true;
            }
        }
        return false;
    }

    private Condition condition(Candidate candidate) {
        Track track = tracks.get(candidate);
        return track == null ? conditions.unknown() : track.condition();
    }
}
