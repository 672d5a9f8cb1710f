package io.rollcall.agent.traffic;

/** Durations in buckets that grow by an eighth, so that a percentile is right within that. Old ones count less by half each time. */
final class Latencies {
    private static final double GROWTH = Math.log(1.125);
    private static final int BUCKETS = 160; // up to 2.5 minutes

    private final float[] counts = new float[BUCKETS];
    private float total;

    void add(long micros) {
        int bucket = micros <= 1 ? 0 : (int) (Math.log((double) micros) / GROWTH);
        counts[Math.min(BUCKETS - 1, bucket)]++;
        total++;
    }

    void halve(double times) {
        float factor = (float) Math.pow(0.5, times);
        total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = counts[i] * factor < 0.01f ? 0 : counts[i] * factor;
            total += counts[i];
        }
    }

    /** In microseconds; 0 if there was none. */
    long percentile(double share) {
        float left = (float) (total * share);
        for (int i = 0; i < BUCKETS && total > 0; i++) {
            left -= counts[i];
            if (left <= 0) {
                return Math.round(Math.exp((i + 0.5) * GROWTH));
            }
        }
        return 0;
    }
}
