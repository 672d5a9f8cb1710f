package io.rollcall.deploy.soak;

import java.util.ArrayList;
import java.util.List;

/** Measured values, all of them kept. Safe for any thread. */
final class Samples {
    private final List<Double> values = new ArrayList<>(); // guarded by this

    synchronized void add(double value) {
        values.add(value);
    }

    void addNanos(long nanos) {
        add((double) nanos);
    }

    synchronized int count() {
        return values.size();
    }

    /** The value that this share (0..1) of all does not exceed: the nearest rank; NaN where there is none. */
    synchronized double quantile(double share) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    /** All of them in the order in which they came, of nanoseconds in milliseconds. */
    synchronized List<Double> millis() {
        return values.stream().map(nanos -> nanos / 1e6).toList();
    }

    /** The same of nanoseconds, in milliseconds. */
    double millis(double share) {
        return quantile(share) / 1e6;
    }
}
