package io.rollcall.agent.health;

import io.rollcall.agent.health.Condition.Fit;
import io.rollcall.agent.health.Condition.Fresh;
import io.rollcall.agent.health.Condition.Unfit;
import io.rollcall.agent.table.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All candidates that are followed. Used by one thread; no clock and no chance of its own. */
final class Ward {
    /** How soon to ask again where the answer changes something at once. */
    private static final long SOON = 50_000_000L;

    /** The same where nobody of the service is fit: each request fails until the first one is back. */
    private static final long AT_ONCE = 20_000_000L;

    /** For each that is not fit: all of them together are asked a thousand times a second at most. */
    private static final long TURN = 1_000_000L;

    /** For each that is followed: a probe takes some 0.1 ms, and all of them a fifth of a core at most. */
    private static final long ROUTINE = 500_000L;

    /** How long a backend that is new or unfit is asked that often while others of its service are fit. */
    private static final long EAGER = 10_000_000_000L;

    /** Most services have few backends, and there may be 100,000 of them. */
    private static final int FEW = 2;

    /** One who is not followed any more. */
    private record Gone(Track track, long at, boolean settled) {}

    private final Settings settings;
    private final Map<String, Map<Candidate, Track>> services = new HashMap<>();
    private final Set<Candidate> settled = new HashSet<>();
    private final Set<Candidate> starting = new HashSet<>();
    private final Map<Candidate, Gone> gone = new LinkedHashMap<>(); // oldest first
    private final Set<String> changed = new HashSet<>(); // services, since the last conditions
    private final HostFault fault = new HostFault();
    private final Calm calm;
    private final Condition unknown;
    private Conditions conditions;
    private long followed;
    private long unwell; // how many of them are fresh or unfit

    Ward(Settings settings, long now) {
        this.settings = settings;
        this.calm = new Calm(settings, now);
        this.unknown = settings.firstRequired() ? new Fresh(now, "") : new Fit(now, Fit.FULL);
        // Until somebody is followed nothing is known to be new.
        this.conditions = Conditions.of(Map.of(), new Fit(now, Fit.FULL), OptionalLong.empty());
    }

    /** Those of a service that are followed. */
    Set<Candidate> of(String service) {
        return Set.copyOf(services.getOrDefault(service, Map.of()).keySet());
    }

    /**
     * Follows a candidate from now on.
     *
     * @param trusted it got requests before
     * @param early it was there when the agent came: no slow start
     * @return its track, for as long as it is followed
     */
    Track admit(Candidate candidate, long now, boolean trusted, boolean early) {
        Track there = track(candidate);
        if (there != null) {
            return there;
        }
        forget(now);
        Gone before = gone.remove(candidate);
        Track track = before == null ? new Track(settings, now, trusted) : before.track();
        if (before != null) {
            track.resume(now);
        }
        services.computeIfAbsent(candidate.service(), name -> new HashMap<>(FEW))
                .put(candidate, track);
        if (track.nextStep(now) >= 0) {
            starting.add(candidate);
        }
        if (before == null ? early : before.settled()) {
            settled.add(candidate);
        }
        followed++;
        changed(candidate, null, track.condition());
        return track;
    }

    /**
     * Follows it no longer. What is known of it is kept for as long as an ejection counts: it may only be drained for a moment. Where
     * nothing tells processes apart, the next one may be another.
     */
    void dismiss(Candidate candidate, long now) {
        Map<Candidate, Track> tracks = services.getOrDefault(candidate.service(), new HashMap<>());
        Track track = tracks.remove(candidate);
        if (track != null) {
            if (tracks.isEmpty()) {
                services.remove(candidate.service());
            }
            starting.remove(candidate);
            forget(now);
            boolean wasSettled = settled.remove(candidate);
            if (!candidate.incarnation().isEmpty()) {
                gone.put(candidate, new Gone(track, now, wasSettled));
            }
            followed--;
            changed(candidate, track.condition(), null);
        }
    }

    /** A probe of it passed. Its track is given: a server of a thousand names is a thousand candidates, nearly all of them fit. */
    void passed(Candidate candidate, Track track, long now) {
        Condition before = track.condition();
        if (before instanceof Fit) {
            track.passed(now, false, false);
        } else {
            boolean slowly = !settled.contains(candidate) && hasOldHands(candidate, now);
            track.passed(now, slowly, !hasFit(candidate.service()));
            settle(candidate, before, track, now);
        }
    }

    void failed(Candidate candidate, Failure failure, long now) {
        Track track = track(candidate);
        if (track != null) {
            Condition before = track.condition();
            track.failed(now, failure);
            settle(candidate, before, track, now);
        }
    }

    /** Real requests met trouble that a probe can confirm. */
    void suspect(Candidate candidate) {
        Track track = track(candidate);
        if (track != null) {
            track.suspect();
        }
    }

    boolean isFit(Candidate candidate) {
        Track track = track(candidate);
        return track != null && track.condition() instanceof Fit;
    }

    /** Lets slow starts grow, and ends those of whom nobody is left to be spared; returns in how many nanoseconds the next one does, or empty if none is under way. */
    OptionalLong advance(long now) {
        forget(now);
        long next = Long.MAX_VALUE;
        for (Iterator<Candidate> each = starting.iterator(); each.hasNext(); ) {
            Candidate candidate = each.next();
            Track track = Objects.requireNonNull(track(candidate));
            if (hasOldHands(candidate, now) ? track.advance(now) : track.fill()) {
                changed.add(candidate.service());
            }
            long step = track.nextStep(now);
            if (step < 0) {
                each.remove();
            } else {
                next = Math.min(next, step);
            }
        }
        return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** How long it takes to ask all that are followed once, where nothing is urgent. */
    long round() {
        return followed * ROUTINE;
    }

    /** How long after a probe of a fit one the next one is due, where nothing is calm. */
    long interval() {
        return Math.max(settings.interval().orElseThrow().toNanos(), round());
    }

    /** There is reason to look more closely: somebody fell ill, or the registry cannot tell who is gone. */
    void alarm(long now) {
        calm.trouble(now, interval());
    }

    /** Tells once that those whose turn is far away are to be asked sooner. */
    boolean takeAlarm() {
        return calm.takeAlarm();
    }

    /** How long after a probe of it the next one is due. */
    long pause(Candidate candidate, Track track, long now) {
        long interval = interval();
        Condition condition = track.condition();
        boolean fit = condition instanceof Fit;
        boolean nobody = !fit && !hasFit(candidate.service());
        boolean soon = fit ? track.inDoubt() : now - condition.since() < EAGER || nobody;
        if (soon) {
            return Math.min(Math.max(nobody ? AT_ONCE : SOON, unwell * TURN), interval);
        }
        boolean mayRest = fit && candidate.path().isEmpty();
        return mayRest ? calm.pause(interval, condition.since(), now) : interval;
    }

    /** Whether {@link #conditions} has another value than before. */
    boolean isChanged() {
        return !changed.isEmpty();
    }

    /** The same value for as long as nothing changed. */
    Conditions conditions(long now) {
        if (isChanged()) {
            Table.Edit<Map<Candidate, Condition>> next = conditions.services().edit();
            for (String service : changed) {
                Map<Candidate, Condition> own = new HashMap<>();
                services.getOrDefault(service, Map.of())
                        .forEach((candidate, track) -> own.put(candidate, track.condition()));
                if (own.isEmpty()) {
                    next.remove(service);
                } else {
                    next.put(service, Map.copyOf(own));
                }
            }
            changed.clear();
            conditions = new Conditions(next.done(), unknown, fault.judge(conditions.heldSince(), now));
        }
        return conditions;
    }

    private void forget(long now) {
        for (Iterator<Gone> each = gone.values().iterator(); each.hasNext(); ) {
            if (now - each.next().at() < Track.FORGIVEN) {
                return;
            }
            each.remove();
        }
    }

    private void settle(Candidate candidate, Condition before, Track track, long now) {
        Condition after = track.condition();
        if (!before.equals(after)) {
            changed(candidate, before, after);
            if (after instanceof Unfit) {
                settled.remove(candidate); // when it comes back it starts slowly
                alarm(now);
            } else if (track.nextStep(now) >= 0) {
                starting.add(candidate);
            }
        }
    }

    private void changed(Candidate candidate, @Nullable Condition before, @Nullable Condition after) {
        changed.add(candidate.service());
        unwell += isUnwell(after) - isUnwell(before);
        fault.changed(candidate, before, after);
    }

    private static int isUnwell(@Nullable Condition condition) {
        return condition == null || condition instanceof Fit ? 0 : 1;
    }

    private boolean hasFit(String service) {
        for (Track track : services.getOrDefault(service, Map.of()).values()) {
            if (track.condition() instanceof Fit) {
                return true;
            }
        }
        return false;
    }

    /** Somebody else has been fit for longer than a slow start: when all are new there is nobody to spare them for. */
    private boolean hasOldHands(Candidate candidate, long now) {
        for (Map.Entry<Candidate, Track> other :
                services.getOrDefault(candidate.service(), Map.of()).entrySet()) {
            if (!other.getKey().equals(candidate)
                    && other.getValue().condition() instanceof Fit fit
                    && (settled.contains(other.getKey())
                            || now - fit.since() >= settings.slowStart().toNanos())) {
                return true;
            }
        }
        return false;
    }

    @Nullable
    Track track(Candidate candidate) {
        return services.getOrDefault(candidate.service(), Map.of()).get(candidate);
    }
}
