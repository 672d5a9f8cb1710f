package io.rollcall.agent.health;

import java.util.Optional;

/** What is known of a candidate. Times are {@link System#nanoTime} in the agent. */
public sealed interface Condition {
    long since();

    /**
     * Has not passed a probe yet.
     *
     * @param trouble what the last probe met; empty if there was none
     */
    record Fresh(long since, String trouble) implements Condition {}

    /**
     * Passes its probes.
     *
     * @param share of its weight in per cent: below 100 while it starts slowly
     * @param out how it was before that, if it was ejected
     */
    record Fit(long since, int share, Optional<Unfit> out) implements Condition {
        static final int FULL = 100;

        public Fit(long since, int share) {
            this(since, share, Optional.empty());
        }

        /** How it was before, for as long as that counts: the next ejection will be longer. */
        public Optional<Unfit> lately(long now) {
            return now - since < Track.FORGIVEN ? out : Optional.empty();
        }
    }

    /**
     * Does not, or gave errors to real requests.
     *
     * @param failure the last one
     * @param ejections how often in a row, with less than a minute of fitness between
     * @param until not fit again before this moment, whatever its probes say
     */
    record Unfit(long since, Failure failure, int ejections, long until) implements Condition {}
}
