package io.rollcall.agent.traffic;

/** Durations in buckets that grow by an eighth, so that a percentile is right within that. Old ones count less by half each time. */
final class Latencies {
    private static final double GROWTH = Math.log(1.125);
    private static final int BUCKETS = 160; // up to 2.5 minutes

    /** Most backends need few buckets: so many more are made room for at a time. */
    private static final int ROOM = 8;

    private float[] counts = {};
    private int lowest; // the bucket that the first of them is of
    private float total;

    void add(long micros) {
        int bucket = Math.min(BUCKETS - 1, micros <= 1 ? 0 : (int) (Math.log((double) micros) / GROWTH));
        if (bucket < lowest || bucket >= lowest + counts.length) {
            makeRoom(bucket);
        }
        counts[bucket - lowest]++;
        total++;
    }

    void halve(double times) {
        float factor = (float) Math.pow(0.5, times);
        total = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = counts[i] * factor < 0.01f ? 0 : counts[i] * factor;
            total += counts[i];
        }
    }

    /** In microseconds; 0 if there was none. */
    long percentile(double share) {
        float left = (float) (total * share);
        for (int i = 0; i < counts.length && total > 0; i++) {
            left -= counts[i];
            if (left <= 0) {
                return Math.round(Math.exp((lowest + i + 0.5) * GROWTH));
            }
        }
        return 0;
    }

    private void makeRoom(int bucket) {
        int from = bucket - bucket % ROOM;
        int to = from + ROOM;
        if (counts.length > 0) {
            from = Math.min(from, lowest);
            to = Math.max(to, lowest + counts.length);
        }
        float[] more = new float[to - from];
        System.arraycopy(counts, 0, more, counts.length == 0 ? 0 : lowest - from, counts.length);
        counts = more;
        lowest = from;
    }
}
