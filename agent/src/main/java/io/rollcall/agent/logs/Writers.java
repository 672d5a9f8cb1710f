package io.rollcall.agent.logs;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Which processes wrote the lines that are read: a process id alone is not enough, for it may be given again. Used by one thread
 * at a time.
 */
final class Writers {
    /** The start time of a process that was never seen: it is not of this host, or not to be seen by the agent's user. */
    static final long STRANGER = -1;

    /** The start time of a process that ended before anyone saw it. */
    static final long GONE = -2;

    /** Children of httpd come and go; what is forgotten is merely a stranger. */
    private static final int REMEMBERED = 20_000;

    private final Processes processes;
    private final LongSupplier nanos;
    private final Map<Integer, Long> seen = new HashMap<>();
    private Map<Integer, Long> before = Map.of();
    private Map<Integer, Long> living = Map.of();
    private long scannedNanos;
    private boolean scanned;
    private boolean scannedInPass;
    private boolean moved;

    Writers(Processes processes, LongSupplier nanos) {
        this.processes = processes;
        this.nanos = nanos;
    }

    /**
     * To be called before the logs are read: of whoever is gone now, everything will have been read then.
     *
     * @param mostNanos how long ago the processes may have been looked at
     */
    void beginPass(long mostNanos) {
        beginPart();
        moved |= before != living; // by a scan after the pass before began
        if (!scanned || nanos.getAsLong() - scannedNanos >= mostNanos) {
            scan();
        }
        before = living;
    }

    /** The same before some of the logs are read, out of turn: who is gone is found out at the next pass. */
    void beginPart() {
        scannedInPass = false;
    }

    /** Whether {@link #isGone} may have another answer than after the pass before. */
    boolean mayHaveGone() {
        boolean is = moved;
        moved = false;
        return is;
    }

    private void scan() {
        moved = true;
        living = processes.serving();
        scanned = true;
        scannedNanos = nanos.getAsLong();
        if (seen.size() > REMEMBERED) {
            seen.clear();
        }
        seen.putAll(living);
    }

    /** What another reader saw, as far as it was not a stranger. */
    void know(int pid, long start) {
        if (start != STRANGER) {
            seen.putIfAbsent(pid, start);
        }
    }

    /** When the process that wrote a line started. */
    long writer(int pid) {
        Long start = living.get(pid);
        if (start == null && !scannedInPass) {
            scannedInPass = true;
            scan();
            start = living.get(pid);
        }
        // It was written before this scan, so a process that is not there was the last one that was.
        return start != null ? start : seen.getOrDefault(pid, STRANGER);
    }

    /** When that process started, if it was there at the last look. */
    OptionalLong living(int pid) {
        Long start = living.get(pid);
        return start == null ? OptionalLong.empty() : OptionalLong.of(start);
    }

    /** Whether that process had ended before this pass began. */
    boolean isGone(int pid, long writer) {
        Long start = writer;
        return writer == GONE
                || (writer != STRANGER && !start.equals(before.get(pid)) && !start.equals(living.get(pid)));
    }

    /** Those that serve now. */
    Map<Integer, Long> living() {
        return living;
    }
}
