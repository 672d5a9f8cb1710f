package io.rollcall.bench.scenario;

import io.rollcall.bench.report.Results;
import io.rollcall.bench.report.Results.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the machine does anything beside the benchmark: between two measurements, when all contenders are idle, it looks how busy
 * the processors are.
 */
public final class Quiet {
    /** How busy they are, in percent, in each look. */
    public static final Subject KEY = new Subject("machine", "others", 0, 0, "busy %");

    private static final Path STAT = Path.of("/proc/stat");
    private static final long LOOK_MILLIS = 100;

    void look(Results results) throws IOException, InterruptedException {
        long[] before = ticks();
        Thread.sleep(LOOK_MILLIS);
        long[] after = ticks();
        long all = Math.max(1, after[0] - before[0]);
        results.add(KEY, 100.0 * (all - (after[1] - before[1])) / all);
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
