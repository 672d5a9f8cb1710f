package io.rollcall.agent.health;

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
     */
    record Fit(long since, int share) implements Condition {
        static final int FULL = 100;
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
