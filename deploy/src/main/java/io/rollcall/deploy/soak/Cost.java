package io.rollcall.deploy.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process costs, as the kernel counts it. */
final class Cost {
    private static final double TICKS_PER_SECOND = 100;

    private final long pid;
    private final long beginTicks;
    private final long beginNanos;

    private Cost(long pid) throws IOException {
        this.pid = pid;
        this.beginTicks = ticks(pid);
        this.beginNanos = System.nanoTime();
    }

    /** Counts from now on. */
    static Cost of(long pid) throws IOException {
        return new Cost(pid);
    }

    /** User and system time since then, in per cent of one processor. */
    double processorPercent() throws IOException {
        double seconds = (System.nanoTime() - beginNanos) / 1e9;
        return 100 * (ticks(pid) - beginTicks) / TICKS_PER_SECOND / seconds;
    }

    /** Resident memory now. */
    static long residentMebibytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Math.round(Long.parseLong(line.replaceAll("\\D", "")) / 1024.0))
                .findFirst()
                .orElseThrow(() -> new IOException("process " + pid + " has no VmRSS"));
    }

    /** Of the Java heap, what is in use once everything is collected that nobody needs. */
    static double heapMebibytes(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        double kibibytes = 0;
        for (String line : jcmd(pid, "GC.heap_info").lines().toList()) {
            if (line.contains("generation") && line.contains(" used ")) {
                kibibytes += Double.parseDouble(line.replaceAll(".* used (\\d+)K.*", "$1"));
            }
        }
        return kibibytes / 1024;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + answer);
        }
        return answer;
    }

    private static long ticks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(words[11]) + Long.parseLong(words[12]);
    }
}
