package io.rollcall.bench.scenario;

import io.rollcall.bench.report.Results;
import io.rollcall.bench.report.Results.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether the machine does anything beside the benchmark: between two measurements, when all contenders are idle, it looks how busy
 * the processors are. A contender may still be at work on the changes of before (Varnish with 1,000 names compiles for five seconds), and
 * the next one is not to pay for it: so it is waited for. On a virtual machine there is also what the hypervisor gives to others while a
 * measurement goes on.
 */
public final class Quiet {
    /** How busy they are, in percent, just before each measurement. */
    public static final Subject KEY = new Subject("machine", "others", 0, 0, "busy %");

    /** Of the time for which the processors were wanted since the look before, what went to other machines. */
    public static final Subject STOLEN = new Subject("machine", "hypervisor", 0, 0, "stolen %");

    private static final Path STAT = Path.of("/proc/stat");
    private static final long LOOK_MILLIS = 100;
    private static final int LOOKS = 100;
    private static final int ALL_LOOKS = 1200; // two minutes, on a machine that never is

    /** Half a processor of two. */
    private static final double BUSY = 25;

    private int waited;
    private Optional<Ticks> last = Optional.empty();

    void look(Results results) throws IOException, InterruptedException {
        Ticks now = Ticks.now();
        last.ifPresent(before -> results.add(STOLEN, now.since(before).stolenPercent()));
        last = Optional.of(now);
        double busy = percent();
        for (int i = 1; i < LOOKS && waited < ALL_LOOKS && busy > BUSY; i++) {
            busy = percent();
            waited++;
        }
        results.add(KEY, busy);
    }

    private static double percent() throws IOException, InterruptedException {
        Ticks before = Ticks.now();
        Thread.sleep(LOOK_MILLIS);
        return Ticks.now().since(before).busyPercent();
    }

    /** Time of all processors; what was stolen is none of the idle. */
    record Ticks(long all, long idle, long stolen) {
        static Ticks now() throws IOException {
            return of(Files.readString(STAT).lines().findFirst().orElseThrow());
        }

        /** Of the first line of {@code /proc/stat}: user nice system idle iowait irq softirq steal. */
        static Ticks of(String line) {
            String[] words = line.split(" +");
            long all = 0;
            for (int i = 1; i <= 8; i++) {
                all += Long.parseLong(words[i]);
            }
            return new Ticks(all, Long.parseLong(words[4]) + Long.parseLong(words[5]), Long.parseLong(words[8]));
        }

        Ticks since(Ticks before) {
            return new Ticks(all - before.all, idle - before.idle, stolen - before.stolen);
        }

        double busyPercent() {
            return 100.0 * (all - idle) / Math.max(1, all);
        }

        double stolenPercent() {
            return 100.0 * stolen / Math.max(1, all - idle);
        }
    }
}
