package io.rollcall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process with its children and theirs: what they have used.
 *
 * @param pids the first of them first
 */
public record Processes(List<Long> pids) {
    private static final int TICKS_PER_SECOND = 100; // USER_HZ, which no Linux on a server has otherwise

    public static Processes of(long pid) {
        Stream<Long> below = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid);
        return new Processes(Stream.concat(Stream.of(pid), below).toList());
    }

    /** Ends a process that is not done after so long, so that nobody waits for it for ever. */
    public static Process bounded(Process process, Duration limit) {
        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
                .execute(process::destroyForcibly);
        return process;
    }

    /** Those whose program has, or has not, this name. */
    public Processes named(String name, boolean so) {
        return new Processes(
                pids.stream().filter(pid -> comm(pid).equals(name) == so).toList());
    }

    /** CPU seconds that they have used, and those of their children that have ended. */
    public double cpuSeconds() {
        return pids.stream()
                .mapToDouble(pid -> livingSeconds(pid) + endedSeconds(pid))
                .sum();
    }

    /** CPU seconds of those that we started and that have ended. */
    public static double endedToolsSeconds() {
        return endedSeconds(ProcessHandle.current().pid());
    }

    /** Of all its threads, those that have ended as well. */
    private static double livingSeconds(long pid) {
        return seconds(pid, 11); // utime, stime
    }

    private static double endedSeconds(long pid) {
        return seconds(pid, 13); // cutime, cstime
    }

    private static double seconds(long pid, int field) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        if (stat.isEmpty()) {
            return 0; // it has ended
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (double) (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) / TICKS_PER_SECOND;
    }

    /** Resident memory in MiB, with what they share counted once among them (PSS). */
    public double residentMib() {
        return pids.stream()
                        .mapToLong(pid -> kilobytes(pid, "smaps_rollup", "Pss:"))
                        .sum()
                / 1024.0;
    }

    /** Resident memory in MiB as ps shows it (RSS). */
    public double rssMib() {
        return pids.stream()
                        .mapToLong(pid -> kilobytes(pid, "status", "VmRSS:"))
                        .sum()
                / 1024.0;
    }

    private static long kilobytes(long pid, String file, String key) {
        return read(Path.of("/proc/" + pid + "/" + file))
                .lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static String comm(long pid) {
        return read(Path.of("/proc/" + pid + "/comm")).strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
