package io.rollcall.agent.health;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How health is judged.
 *
 * @param interval between two probes of a fit backend; empty for no probes: everybody is fit
 * @param calmest up to which that grows for those that are only connected to, while nobody falls ill
 * @param timeout of a probe, for all of it
 * @param rise probes in a row that make fit
 * @param fall probes in a row that make unfit, but for HARD failures: one does so at once
 * @param firstRequired whether a new backend has to pass a probe before its first request
 * @param paths by service: what to ask its backends for, where their registration does not tell
 * @param eject when to take backends out
 * @param slowStart how long the share of a backend grows that is new or back among others
 */
public record Settings(
        Optional<Duration> interval,
        Duration calmest,
        Duration timeout,
        int rise,
        int fall,
        boolean firstRequired,
        Map<String, String> paths,
        Eject eject,
        Duration slowStart) {

    /**
     * When to take backends out.
     *
     * @param most per cent of a service's backends that others than HARD failures may take out
     * @param base the first time that a backend which failed again stays out
     * @param longest the time that doubles up to this
     * @param statuses of responses that count as trouble of the backend
     */
    public record Eject(int most, Duration base, Duration longest, Set<Integer> statuses) {
        public Eject {
            statuses = Set.copyOf(statuses);
        }
    }

    public static final Settings DEFAULTS = new Settings(
            Optional.of(Duration.ofSeconds(1)),
            Duration.ofSeconds(1),
            1,
            2,
            true,
            Map.of(),
            new Eject(50, Duration.ofSeconds(1), Duration.ofSeconds(30), Set.of(502, 503, 504)),
            Duration.ofSeconds(10));

    public Settings {
        paths = Map.copyOf(paths);
    }

    /** With an interval that does not grow. */
    public Settings(
            Optional<Duration> interval,
            Duration timeout,
            int rise,
            int fall,
            boolean firstRequired,
            Map<String, String> paths,
            Eject eject,
            Duration slowStart) {
        this(interval, Duration.ZERO, timeout, rise, fall, firstRequired, paths, eject, slowStart);
    }

    public boolean probing() {
        return interval.isPresent();
    }
}
