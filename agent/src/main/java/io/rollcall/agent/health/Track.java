package io.rollcall.agent.health;

import io.rollcall.agent.health.Condition.Fit;
import io.rollcall.agent.health.Condition.Fresh;
import io.rollcall.agent.health.Condition.Unfit;
import java.util.Optional;

/**
 * One candidate's way between fresh, fit and unfit. Not pure but without clock or chance: every call tells the time.
 *
 * <pre>
 * fresh --rise passes--> fit --HARD, or fall other failures, or a burst of errors--> unfit --rise passes, not before until--> fit
 * </pre>
 *
 * <p>How long it stays out at least grows with each ejection: none, base, twice that, ... longest. A minute of fitness makes it
 * start again. A burst of errors that no probe can see stands for base from the first time on: the next probe would pass at once.
 * Where nobody else is fit the time is not waited for.
 */
final class Track {
    static final long FORGIVEN = 60_000_000_000L;

    /** Per cent, each for an equal part of the slow start. Each step is a change of the maps, so they are few. */
    private static final int[] SHARES = {10, 30, 50, 70, 90};

    private final Settings settings;
    private Condition condition;
    private int passes;
    private int failures;
    private int ejections;
    private boolean slow;
    private Optional<Fit> away = Optional.empty(); // how it was before it was not followed for a while

    /** Begins fit if it is {@code trusted}, for it got requests before we came, and fresh else. */
    Track(Settings settings, long now, boolean trusted) {
        this.settings = settings;
        this.condition = trusted || !settings.firstRequired() ? new Fit(now, Fit.FULL) : new Fresh(now, "");
    }

    Condition condition() {
        return condition;
    }

    /** A probe failed, or real requests did, and the next one decides. */
    boolean inDoubt() {
        return failures > 0;
    }

    /**
     * A probe passed.
     *
     * @param slowly if that makes it fit it begins with a small share
     * @param needed nobody else of its service is fit: it does not stay out longer than what ejected it lasts, as far as a probe tells
     */
    void passed(long now, boolean slowly, boolean needed) {
        failures = 0;
        passes++;
        boolean waiting = condition instanceof Unfit unfit
                && now - unfit.until() < 0
                && !(needed && unfit.failure().source() == Failure.Source.PROBE);
        if (!(condition instanceof Fit) && passes >= settings.rise() && !waiting) {
            if (away.isPresent()) {
                condition = away.get();
                away = Optional.empty();
                advance(now);
                return;
            }
            slow = slowly && !settings.slowStart().isZero();
            Optional<Unfit> out = condition instanceof Unfit unfit ? Optional.of(unfit) : Optional.empty();
            condition = new Fit(now, slow ? SHARES[0] : Fit.FULL, out);
        }
    }

    /** Real requests met trouble: that counts as all probes that have to fail but the last one. */
    void suspect() {
        failures = Math.max(failures, settings.fall() - 1);
    }

    /** A probe failed, or real requests did. What requests met is read later than it happened: who is refused by now stays so. */
    void failed(long now, Failure failure) {
        passes = 0;
        failures++;
        if (condition instanceof Fresh fresh) {
            away = Optional.empty();
            condition = new Fresh(fresh.since(), failure.reason());
        } else if (condition instanceof Unfit unfit) {
            boolean late = unfit.failure().isHard() && failure.source() == Failure.Source.TRAFFIC;
            condition = new Unfit(unfit.since(), late ? unfit.failure() : failure, unfit.ejections(), unfit.until());
        } else if (failure.isHard() || failure.source() == Failure.Source.TRAFFIC || failures >= settings.fall()) {
            eject(now, failure);
        }
    }

    /**
     * It is followed again. Whoever was fit may not be any more and passes a probe first, but is then what it was: the same process is
     * not new because it was drained for a moment.
     */
    void resume(long now) {
        passes = 0;
        failures = 0;
        if (settings.firstRequired() && !(condition instanceof Unfit)) {
            away = condition instanceof Fit fit ? Optional.of(fit) : away;
            condition = new Fresh(now, "");
        }
    }

    /** Lets the share of a slow start grow; tells whether it did. */
    boolean advance(long now) {
        if (slow && condition instanceof Fit fit) {
            long step = step();
            int at = (int) Math.min(SHARES.length, (now - fit.since()) / step);
            int share = at < SHARES.length ? SHARES[at] : Fit.FULL;
            slow = share < Fit.FULL;
            if (share != fit.share()) {
                condition = new Fit(fit.since(), share, fit.out());
                return true;
            }
        }
        return false;
    }

    /** Ends a slow start; tells whether there was one. */
    boolean fill() {
        if (slow && condition instanceof Fit fit) {
            slow = false;
            condition = new Fit(fit.since(), Fit.FULL, fit.out());
            return true;
        }
        return false;
    }

    /** Nanoseconds until {@link #advance} has something to do; negative if it has not. */
    long nextStep(long now) {
        return slow && condition instanceof Fit fit ? step() - (now - fit.since()) % step() : -1;
    }

    private long step() {
        return Math.max(1, settings.slowStart().toNanos() / SHARES.length);
    }

    private void eject(long now, Failure failure) {
        if (now - condition.since() >= FORGIVEN) {
            ejections = 0;
        }
        ejections++;
        passes = 0;
        slow = false;
        condition = new Unfit(now, failure, ejections, now + duration(failure));
    }

    private long duration(Failure failure) {
        int doublings = failure.source() == Failure.Source.TRAFFIC ? ejections - 1 : ejections - 2;
        long longest = settings.eject().longest().toNanos();
        long base = Math.min(settings.eject().base().toNanos(), longest);
        for (int i = 0; i < doublings && base < longest; i++) {
            base = Math.min(longest, 2 * base);
        }
        return doublings < 0 ? 0 : base;
    }
}
