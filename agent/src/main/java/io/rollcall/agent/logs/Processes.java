package io.rollcall.agent.logs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The processes of this host that serve requests for httpd, as the kernel tells of them. */
interface Processes {
    /** Process id to start time, in the kernel's ticks since boot, of every one that lives now. */
    Map<Integer, Long> serving();

    /** The same clock now: a process that has a later start time started after this call began. */
    long ticks();

    /** What tells this boot from others: process ids and ticks mean nothing in another. */
    String boot();

    /**
     * Out of {@code /proc}.
     *
     * @param uid whose; empty: anybody's
     * @param parent whose children; empty: of every apache2 and httpd
     */
    static Processes of(OptionalInt uid, OptionalLong parent) {
        return new Kernel(Path.of("/proc"), uid, parent);
    }

    /** The real ones. */
    record Kernel(Path proc, OptionalInt uid, OptionalLong parent) implements Processes {
        private static final int PARENT = 1;
        private static final int STARTED = 19;

        @Override
        public Map<Integer, Long> serving() {
            Map<Integer, Long> found = new HashMap<>();
            Set<Integer> parents = new HashSet<>();
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[1-9]*")) {
                for (Path process : processes) {
                    look(process, found, parents);
                }
            } catch (IOException e) {
                return Map.of();
            }
            // Who only starts the others serves nobody.
            found.keySet().removeAll(parents);
            return found;
        }

        private void look(Path process, Map<Integer, Long> found, Set<Integer> parents) {
            try {
                String stat = read(process.resolve("stat"));
                String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                if (!name.startsWith("apache2") && !name.startsWith("httpd")) {
                    return;
                }
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", STARTED + 2);
                int parentId = Integer.parseInt(fields[PARENT]);
                parents.add(parentId);
                boolean wanted = parent.isEmpty() || parent.getAsLong() == parentId;
                boolean ended = fields[0].equals("Z") || fields[0].equals("X");
                if (ended || !wanted || !isOurs(process) || !isHere(process)) {
                    return;
                }
                found.put(Integer.parseInt(process.getFileName().toString()), Long.parseLong(fields[STARTED]));
            } catch (IOException | RuntimeException gone) {
                return; // between the listing and the reading
            }
        }

        /** The owner of the directory is root, whoever a process became after it started. */
        private boolean isOurs(Path process) throws IOException {
            if (uid.isEmpty()) {
                return true;
            }
            for (String line : read(process.resolve("status")).split("\n", -1)) {
                if (line.startsWith("Uid:")) {
                    return Integer.parseInt(line.split("\\s+", -1)[2]) == uid.getAsInt();
                }
            }
            return false;
        }

        /**
         * Whether it is in our network namespace: an agent serves the httpds of that, and a container's or a test's would never be in
         * its logs. One that may not be asked could be ours.
         */
        private boolean isHere(Path process) {
            try {
                Path ours = Files.readSymbolicLink(proc.resolve("self/ns/net"));
                return Files.readSymbolicLink(process.resolve("ns/net")).equals(ours);
            } catch (IOException e) {
                return true;
            }
        }

        /** By a thread that starts now, because processes tell their start by no clock that Java reads. */
        @Override
        public long ticks() {
            long[] started = {Long.MAX_VALUE};
            Thread thread = new Thread(() -> started[0] = ownStart(), "rollcall-ticks");
            thread.setDaemon(true);
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return started[0];
        }

        @Override
        public String boot() {
            try {
                return read(proc.resolve("sys/kernel/random/boot_id")).strip();
            } catch (IOException e) {
                return "";
            }
        }

        private long ownStart() {
            try {
                String stat = read(proc.resolve("thread-self").resolve("stat"));
                return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", STARTED + 2)[STARTED]);
            } catch (IOException e) {
                return Long.MAX_VALUE;
            }
        }

        private static String read(Path file) throws IOException {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        }
    }
}
