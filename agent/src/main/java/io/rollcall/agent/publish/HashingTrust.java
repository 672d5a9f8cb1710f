package io.rollcall.agent.publish;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether the hashed map that stands there is known so well that changing a few pages of it will do. Used by the publishing thread. */
final class HashingTrust {
    /** So long after a failure all of it is written, for that needs the least of the disk and of what is there. */
    private static final long WARY = Duration.ofMinutes(10).toNanos();

    private final LongSupplier nanos;
    private boolean sound; // the map is what this process wrote whole, and nothing has failed since
    private long wary; // until then

    HashingTrust(LongSupplier nanos) {
        this.nanos = nanos;
        this.wary = nanos.getAsLong();
    }

    /** It was just written, all of it. */
    void gain() {
        sound = true;
    }

    /** It may be anything. */
    void lose() {
        sound = false;
    }

    /** Writing it failed. */
    void fail() {
        sound = false;
        wary = nanos.getAsLong() + WARY;
    }

    boolean mayEdit() {
        return sound && nanos.getAsLong() - wary >= 0;
    }
}
