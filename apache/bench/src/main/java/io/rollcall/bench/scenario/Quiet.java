package io.rollcall.bench.scenario;

import io.rollcall.bench.report.Results;
import io.rollcall.bench.report.Results.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the machine does anything beside the benchmark: between two measurements, when all contenders are idle, it looks how busy
 * the processors are. A contender may still be at work on the changes of before (Varnish with 1,000 names compiles for five seconds), and
 * the next one is not to pay for it: so it is waited for.
 */
public final class Quiet {
    /** How busy they are, in percent, just before each measurement. */
    public static final Subject KEY = new Subject("machine", "others", 0, 0, "busy %");

    private static final Path STAT = Path.of("/proc/stat");
    private static final long LOOK_MILLIS = 100;
    private static final int LOOKS = 100;
    private static final int ALL_LOOKS = 1200; // two minutes, on a machine that never is

    /** Half a processor of two. */
    private static final double BUSY = 25;

    private int waited;

    void look(Results results) throws IOException, InterruptedException {
        double busy = percent();
        for (int i = 1; i < LOOKS && waited < ALL_LOOKS && busy > BUSY; i++) {
            busy = percent();
            waited++;
        }
        results.add(KEY, busy);
    }

    private static double percent() throws IOException, InterruptedException {
        long[] before = ticks();
        Thread.sleep(LOOK_MILLIS);
        long[] after = ticks();
        long all = Math.max(1, after[0] - before[0]);
        return 100.0 * (all - (after[1] - before[1])) / all;
    }

    /** All, and idle. Time that a hypervisor took counts as busy. */
    private static long[] ticks() throws IOException {
        String[] words =
                Files.readString(STAT).lines().findFirst().orElseThrow().split(" +");
        long all = 0;
        for (int i = 1; i <= 8; i++) {
            all += Long.parseLong(words[i]);
        }
        return new long[] {all, Long.parseLong(words[4]) + Long.parseLong(words[5])};
    }
}
