package io.rollcall.agent.logs;

/** How fast a count grows, over windows of some seconds. Used by one thread at a time. */
final class Rate {
    private static final long WINDOW_NANOS = 5_000_000_000L;

    private boolean begun;
    private long beginNanos;
    private long beginCount;
    private long perSecond;

    void count(long count, long nowNanos) {
        if (!begun) {
            begun = true;
            beginNanos = nowNanos;
            beginCount = count;
        } else if (nowNanos - beginNanos >= WINDOW_NANOS) {
            perSecond = (count - beginCount) * 1_000_000_000L / (nowNanos - beginNanos);
            beginNanos = nowNanos;
            beginCount = count;
        }
    }

    long perSecond() {
        return perSecond;
    }
}
