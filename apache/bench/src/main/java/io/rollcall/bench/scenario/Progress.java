package io.rollcall.bench.scenario;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Tells what is being done, and about how long all of it will still take. One thread. */
public final class Progress {
    private final double planned;
    private final long begin = System.nanoTime();
    private double done;

    /** For so many seconds of planned work. */
    public Progress(double planned) {
        this.planned = planned;
    }

    /** Something begins that was planned to take so long. */
    public void step(String what, double seconds) {
        double elapsed = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        // Until something is done, the plan is all there is to go by.
        double pace = done < 30 ? 1 : elapsed / done;
        Duration left = Duration.ofSeconds(Math.round(Math.max(0, planned - done) * pace));
        System.out.printf("%3d %%  %3d:%02d left  %s%n", percent(), left.toMinutes(), left.toSecondsPart(), what);
        done += seconds;
    }

    private int percent() {
        return (int) Math.min(99, Math.round(100 * done / Math.max(1, planned)));
    }
}
