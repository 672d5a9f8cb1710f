package io.rollcall.agent.publish;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When the hashed map is written, neither all the time nor too late. Used by the publishing thread. */
final class HashingPace {
    /**
     * Writing takes at most a tenth of the time, and up to a third where the text is very long, as it grows while very many names come
     * at once: that costs everyone more. It empties httpd's cache of this map at most once a second.
     */
    private static final int SHARE = 10;

    private static final int LARGEST_SHARE = 2;

    private static final int VERY_LONG = 65_536;

    private static final long LEAST_PAUSE = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanos;
    private long ended;
    private long worked; // for the last writing, without the time in which it waited for the publishing thread

    HashingPace(LongSupplier nanos) {
        this.nanos = nanos;
        this.ended = nanos.getAsLong() - LEAST_PAUSE;
    }

    void begins() {
        worked = 0;
    }

    /** A part of it took so long. */
    void works(long time) {
        worked += time;
    }

    void ends() {
        ended = nanos.getAsLong();
    }

    /** Whether it is time to write so many bytes of text. */
    boolean isDue(long length) {
        long share = Math.max(LARGEST_SHARE, (long) SHARE * VERY_LONG / Math.max(VERY_LONG, length));
        return nanos.getAsLong() - ended >= Math.max(LEAST_PAUSE, worked * share);
    }
}
