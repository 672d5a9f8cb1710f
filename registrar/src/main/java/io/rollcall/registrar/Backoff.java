package io.rollcall.registrar;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waiting times that double from 100 ms to 30 s, each between half and all of its value: a thousand backends that ZooKeeper refused
 * together do not come back together. Loop thread only.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 30_000;

    private final RandomGenerator random;
    private long next = FIRST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    Duration next() {
        long most = next;
        next = Math.min(LONGEST_MILLIS, next * 2);
        return Duration.ofMillis(random.nextLong(most / 2, most + 1));
    }

    void reset() {
        next = FIRST_MILLIS;
    }
}
