package io.rollcall.agent.publish;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When the hashed map is written, neither all the time nor too late, and whether all of it. Used by the publishing thread. */
final class HashingPace {
    /**
     * Writing takes at most a tenth of the time, and up to a third where the text is very long, as it grows while very many names come
     * at once: that costs everyone more. It empties httpd's cache of this map at most once a second.
     */
    private static final int SHARE = 10;

    private static final int LARGEST_SHARE = 2;

    private static final int VERY_LONG = 65_536;

    private static final long LEAST_PAUSE = Duration.ofSeconds(1).toNanos();

    /** So long after a failure all of it is written, for that needs the least of the disk and of what is there. */
    private static final long WARY = Duration.ofMinutes(10).toNanos();

    private final LongSupplier nanos;
    private long began;
    private long ended;
    private long took; // the last time
    private boolean sound; // the map is what this process wrote whole, and nothing has failed since
    private long wary; // until then

    HashingPace(LongSupplier nanos) {
        this.nanos = nanos;
        this.ended = nanos.getAsLong() - LEAST_PAUSE;
        this.wary = ended;
    }

    void begins() {
        began = nanos.getAsLong();
    }

    void ends() {
        ended = nanos.getAsLong();
        took = ended - began;
    }

    void fails() {
        ends();
        sound = false;
        wary = ended + WARY;
    }

    /** What stands there was just written, all of it. */
    void trust() {
        sound = true;
    }

    /** What stands there may be anything. */
    void distrust() {
        sound = false;
    }

    /** Whether it is time to write so many bytes of text. */
    boolean isDue(long length) {
        long share = Math.max(LARGEST_SHARE, (long) SHARE * VERY_LONG / Math.max(VERY_LONG, length));
        return nanos.getAsLong() - ended >= Math.max(LEAST_PAUSE, took * share);
    }

    /** Whether changing a few pages will do. */
    boolean mayEdit() {
        return sound && nanos.getAsLong() - wary >= 0;
    }
}
