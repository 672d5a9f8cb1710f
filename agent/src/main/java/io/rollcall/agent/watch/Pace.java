package io.rollcall.agent.watch;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How hard a large tree is read, in which many agents may read at once. */
final class Pace {
    /** For each node known: agents that lost the same server read all their nodes, and not all in the same moment. 100,000: a second. */
    private static final long SPREAD_NANOS = 10_000;

    /** Of a large tree a periodic sweep may take longer than until the next would be due. */
    private static final long MOST_PER_SECOND = 100;

    private Pace() {}

    /** How long to wait with reading so many nodes anew. */
    static Duration spread(int nodes) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(nodes * SPREAD_NANOS + 1));
    }

    /** How many of so many nodes, each with a service, a periodic sweep reads in a second. */
    static int perSecond(int nodes, Duration sweepEvery) {
        return (int) Math.min(MOST_PER_SECOND, 1 + 2L * nodes / Math.max(1, sweepEvery.toSeconds()));
    }
}
