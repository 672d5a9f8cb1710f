package io.rollcall.deploy.stage;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits that end. */
public final class Waiting {
    private Waiting() {}

    /** Waits until something is so, asking every few milliseconds; false if it was not within the limit. */
    public static boolean until(Duration limit, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                return false;
            }
            pause();
        }
        return true;
    }

    public static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static void pause() {
        pause(Duration.ofMillis(5));
    }
}
