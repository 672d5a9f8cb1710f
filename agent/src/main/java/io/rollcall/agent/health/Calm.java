package io.rollcall.agent.health;

/**
 * How far apart the probes of those may be who are only connected to, and fit: the longer nobody fell ill the further, for a probe tells
 * no more of them than the next request would. Used by one thread.
 */
final class Calm {
    /** The part of the time since somebody fell ill that may pass between two. */
    private static final int SHARE = 4;

    private final long calmest;
    private long troubleAt;
    private boolean alarm;

    Calm(Settings settings, long now) {
        this.troubleAt = now;
        this.calmest = settings.calmest().toNanos();
    }

    /** Somebody fell ill, or the registry cannot tell who is gone; {@code interval} is what is kept where nothing is calm. */
    void trouble(long now, long interval) {
        alarm |= pause(interval, troubleAt, now) > interval;
        troubleAt = now;
    }

    /** Tells once that those whose turn is far away are to be asked sooner. */
    boolean takeAlarm() {
        boolean was = alarm;
        alarm = false;
        return was;
    }

    /** Until the next probe of one that is fit since then. */
    long pause(long interval, long fitSince, long now) {
        long calm = Math.min(now - troubleAt, now - fitSince) / SHARE;
        return Math.max(interval, Math.min(calm, calmest));
    }
}
