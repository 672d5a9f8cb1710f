package io.rollcall.bench;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU that the threads of a process have used, by the name that Linux has of them (15 characters), those of one pool together.
 *
 * @param byName in an order of its own
 */
public record Threads(Map<String, Used> byName) {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, which no Linux on a server has otherwise

    /** Seconds, of which the kernel had some. */
    public record Used(double seconds, double kernelSeconds) {
        private static final Used NONE = new Used(0, 0);

        private Used plus(Used other, double times) {
            return new Used(seconds + times * other.seconds, kernelSeconds + times * other.kernelSeconds);
        }
    }

    /** Of the threads that live. */
    public static Threads of(Processes processes) throws IOException {
        Map<String, Used> all = new TreeMap<>();
        for (long pid : processes.pids()) {
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
                for (Path thread : threads) {
                    add(stat(thread), all);
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return new Threads(all);
    }

    /** Empty if it has ended. */
    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return "";
        }
    }

    private static void add(String stat, Map<String, Used> all) {
        if (!stat.isEmpty()) {
            all.merge(name(stat), used(stat), (one, other) -> one.plus(other, 1));
        }
    }

    /** Of a pool, what all its threads are called. */
    static String name(String stat) {
        return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')).replaceAll("[#-]?\\d+$", "");
    }

    /** utime and stime. */
    static Used used(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        double user = Long.parseLong(fields[11]) / TICKS_PER_SECOND;
        double kernel = Long.parseLong(fields[12]) / TICKS_PER_SECOND;
        return new Used(user + kernel, kernel);
    }

    public Threads since(Threads before) {
        return without(before, 1);
    }

    /** Beyond so many times what others have used. */
    public Threads without(Threads others, double times) {
        Map<String, Used> all = new TreeMap<>();
        byName.forEach((name, used) -> all.put(name, used.plus(others.byName.getOrDefault(name, Used.NONE), -times)));
        return new Threads(all);
    }
}
