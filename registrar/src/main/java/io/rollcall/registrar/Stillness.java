package io.rollcall.registrar;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a server has had no request for a while, from readings of its counter. The while is for what the counter does not see: a request on
 * its way from the network to the filter, and an answer on its way from the filter to the network. Loop only.
 */
final class Stillness {
    static final Duration GRACE = Duration.ofMillis(500);

    private final LongSupplier nanoTime;
    private InFlight.@Nullable Reading still; // none open
    private long since;
    private long lookedAt;

    Stillness(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void look(InFlight.Reading reading) {
        lookedAt = nanoTime.getAsLong();
        if (reading.open() > 0) {
            still = null;
        } else if (!reading.equals(still)) {
            still = reading;
            since = lookedAt;
        }
    }

    /** Nothing was open at any time in a grace up to the last reading. */
    boolean isQuiet() {
        return still != null && lookedAt - since >= GRACE.toNanos();
    }

    void forget() {
        still = null;
    }
}
