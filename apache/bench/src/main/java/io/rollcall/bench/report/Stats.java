package io.rollcall.bench.report;

import java.util.List;

/** Measured values in ascending order, at least one. */
public record Stats(List<Double> values) {
    public static Stats of(List<Double> values) {
        return new Stats(values.stream().sorted().toList());
    }

    public Stats {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values (expected: at least one)");
        }
    }

    public double least() {
        return values.get(0);
    }

    public double most() {
        return values.get(values.size() - 1);
    }

    /** The middle one, or the mean of the two in the middle. */
    public double median() {
        int half = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(half) : (values.get(half - 1) + values.get(half)) / 2;
    }

    /** The value that this share (0..1) of all does not exceed: the nearest rank. */
    public double quantile(double share) {
        return values.get(Math.max(0, (int) Math.ceil(share * values.size()) - 1));
    }

    public double sum() {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
