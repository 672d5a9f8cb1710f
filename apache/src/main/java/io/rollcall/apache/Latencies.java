package io.rollcall.apache;

import java.time.Duration;

/** A histogram of durations with a relative error below 1/32: a power of two and five bits of what follows. */
public final class Latencies {
    private static final int BITS = 5;

    private final long[] counts;
    private long total;
    private long max;

    Latencies() {
        this(new long[64 << BITS], 0, 0);
    }

    private Latencies(long[] counts, long total, long max) {
        this.counts = counts;
        this.total = total;
        this.max = max;
    }

    void add(long nanos) {
        long value = Math.max(nanos, 1L << BITS);
        int power = 63 - Long.numberOfLeadingZeros(value);
        int index = (power << BITS) | (int) ((value >>> (power - BITS)) & ((1 << BITS) - 1));
        counts[index]++;
        total++;
        max = Math.max(max, nanos);
    }

    Latencies copy() {
        return new Latencies(counts.clone(), total, max);
    }

    public long count() {
        return total;
    }

    /** The duration that this share (0..1) of all did not exceed; zero where there were none. */
    public Duration quantile(double share) {
        long rank = (long) Math.ceil(share * total);
        long seen = 0;
        for (int index = 0; index < counts.length; index++) {
            seen += counts[index];
            if (counts[index] > 0 && seen >= rank) {
                int power = index >> BITS;
                long mantissa = (1L << BITS) + (index & ((1 << BITS) - 1)) + 1;
                return Duration.ofNanos(Math.min(max, mantissa << (power - BITS)));
            }
        }
        return Duration.ZERO;
    }
}
