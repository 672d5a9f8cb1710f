package io.rollcall.agent.health;

/** What the guard says of one candidate. */
public sealed interface Verdict {
    /**
     * Gets requests.
     *
     * @param share of its weight in per cent
     * @param despite why one might have thought otherwise; empty if it is simply fit
     */
    record Send(int share, String despite) implements Verdict {}

    /** Gets none: not yet passed its first probe. */
    record Await(String reason) implements Verdict {}

    /** Gets none: taken out. */
    record Eject(String reason) implements Verdict {}
}
