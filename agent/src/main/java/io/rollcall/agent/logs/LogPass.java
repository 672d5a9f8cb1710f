package io.rollcall.agent.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all logs to their end, time and again, and keeps account of whether anything was missed. Between two such passes those
 * logs that have ends in them may be read on, so that what these say is known soon. Guarded by itself.
 */
final class LogPass implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogPass.class);

    /** How long an end without a start counts. Its cause, a log that is not followed, does not go away by itself. */
    private static final long ORPHAN_NANOS = 3_600_000_000_000L;

    private static final long FRESH_NANOS = 200_000_000L;
    private static final long STALE_NANOS = 5_000_000_000L;

    /** For so long the processes are of no interest where nobody asks: no request is open, and no line is read. */
    private static final long QUIET_NANOS = 60_000_000_000L;

    private final List<FollowedLog> logs = new ArrayList<>();
    private final OpenRequests requests = new OpenRequests();
    private final Writers writers;
    private final Processes processes;
    private final LongSupplier nanos;
    private final Consumer<RequestEnd> ends;
    private final Set<FollowedLog> withEnds = new HashSet<>();
    private final Map<FollowedLog, Long> absentAt = new HashMap<>();
    private final Map<FollowedLog, String> said = new HashMap<>();
    private final Rate rate = new Rate();

    /** Everything was read of processes that started later, in the kernel's ticks. */
    private long completeSince;

    private long lines;
    private long linesBefore = -1; // when the last pass began
    private long ranAt;
    private long gaps;
    private String orphan = "";
    private long orphanNanos;
    private FollowedLog reading;

    LogPass(List<Path> files, Processes processes, LongSupplier nanos, Consumer<RequestEnd> ends) {
        this.processes = processes;
        this.ends = ends;
        this.nanos = nanos;
        this.writers = new Writers(processes, nanos);
        files.forEach(file -> logs.add(new FollowedLog(file)));
        this.reading = logs.get(0);
    }

    /** Reads to the end of what is there when this begins, for an answer. */
    void runNow() {
        run(FRESH_NANOS);
    }

    /** The same, only to keep up. Looking at all processes is most of the work, and a new one is looked for when it writes. */
    void keepUp() {
        boolean quiet = lines == linesBefore && requests.size() == 0 && nanos.getAsLong() - ranAt < QUIET_NANOS;
        if (quiet && logs.stream().allMatch(FollowedLog::isQuiet)) {
            rate.count(lines, nanos.getAsLong());
        } else {
            run(STALE_NANOS);
        }
    }

    /**
     * Reads on where ends are, out of turn. A start that stands in another log is read at the next pass at the latest, as it was
     * written before its end.
     */
    void readEnds() {
        if (!withEnds.isEmpty()) {
            writers.beginPart();
            read(List.copyOf(withEnds));
        }
    }

    private void run(long oldestProcesses) {
        linesBefore = lines;
        ranAt = nanos.getAsLong();
        writers.beginPass(oldestProcesses);
        read(logs);
        requests.endPass().forEach(this::lost);
        if (writers.mayHaveGone()) {
            requests.drop(writers::isGone);
        }
        if (requests.size() > OpenRequests.MOST) {
            requests.clear();
            gap(reading, "more than " + OpenRequests.MOST + " requests open");
        }
        retire();
    }

    private void read(List<FollowedLog> some) {
        for (FollowedLog log : some) {
            look(log);
        }
        long now = nanos.getAsLong();
        for (FollowedLog log : some) {
            reading = log;
            try {
                lines += log.read((bytes, from, to) -> line(bytes, from, to, now));
            } catch (IOException e) {
                gap(log, e.toString());
            }
        }
        rate.count(lines, now);
    }

    private void look(FollowedLog log) {
        long before = log.problem().isEmpty() ? 0 : processes.ticks();
        switch (log.look()) {
            case NOTHING -> absentAt.put(log, before);
            case OPENED -> completeSince = Math.max(completeSince, processes.ticks());
            case APPEARED -> completeSince = Math.max(completeSince, absentAt.getOrDefault(log, before));
            case GAP -> gap(log, "cut while it was read (copytruncate), or too much at once");
            case ROTATED -> LOG.debug("{}: another file", log.path());
            case SAME -> {}
        }
        String problem = log.problem();
        if (!problem.equals(said.put(log, problem))) {
            if (!problem.isEmpty()) {
                LOG.warn("Log {}: {}", log.path(), problem);
            } else {
                LOG.info("Log {} is followed", log.path());
            }
        }
    }

    private void gap(FollowedLog log, String why) {
        gaps++;
        completeSince = processes.ticks();
        LOG.warn(
                "Log {}: {}; lines are lost, so its evidence counts only once httpd's children are new",
                log.path(),
                why);
    }

    private void line(byte[] bytes, int from, int to, long now) {
        LogLine line = LogLine.read(bytes, from, to);
        if (line instanceof RequestEnd end) {
            writers.living(end.pid()).ifPresent(reading::writtenBy);
            withEnds.add(reading);
            requests.end(end);
            ends.accept(end);
        } else if (line instanceof LogMark mark) {
            requests.mark(mark, writer(mark.pid()), now);
        }
    }

    private long writer(int pid) {
        long writer = writers.writer(pid);
        if (writer != Writers.STRANGER) {
            reading.writtenBy(writer);
        } else if (reading.hasKnownWriter()) {
            // The processes that write here can be seen, and this one is not there: it ended between two looks.
            return Writers.GONE;
        }
        return writer;
    }

    /** Of one who was not seen yet nothing is said: if its starts are not read, neither are those of its later ends. */
    private void lost(RequestEnd end) {
        OptionalLong writer = writers.living(end.pid());
        if (writer.isPresent() && writer.getAsLong() > completeSince) {
            if (orphan.isEmpty()) {
                LOG.warn(
                        "A request of {} ended whose start was not read: is its ErrorLog among httpd.logs?",
                        end.service());
            }
            orphan = end.service();
            orphanNanos = nanos.getAsLong();
        }
    }

    private void retire() {
        long oldest = writers.living().values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(0);
        for (FollowedLog log : logs) {
            try {
                log.retire(oldest);
            } catch (IOException e) {
                LOG.debug("An old file of {} cannot be closed", log.path(), e);
            }
        }
    }

    /** Why what was read may not be all; empty if it is. */
    Optional<String> incomplete() {
        for (FollowedLog log : logs) {
            if (log.isBlind()) {
                return Optional.of(log.path() + ": " + log.problem());
            }
        }
        if (!orphan.isEmpty() && nanos.getAsLong() - orphanNanos < ORPHAN_NANOS) {
            return Optional.of(
                    "a request of " + orphan + " ended whose start is in none of the logs (expected: the ErrorLog of"
                            + " each virtual host that uses Rollcall is in httpd.logs, and has httpd's own format and LogLevel"
                            + " log_debug:info)");
        }
        if (requests.hasWriter(Writers.STRANGER)) {
            return Optional.of("a process that cannot be seen in /proc writes to the logs");
        }
        if (writers.living().isEmpty()) {
            return Optional.of(
                    "no child of httpd can be seen in /proc (expected: httpd runs as httpd.user on this host)");
        }
        for (Map.Entry<Integer, Long> child : writers.living().entrySet()) {
            if (child.getValue() <= completeSince) {
                return Optional.of("httpd's child " + child.getKey()
                        + " started before the logs were followed; a graceful restart of httpd replaces it");
            }
        }
        if (!requests.anyEnd() && requests.size() > 0) {
            return Optional.of(
                    "no end of a request was read so far (expected: the file of ROLLCALL_LOG is in httpd.logs)");
        }
        return Optional.empty();
    }

    /** How far it is, for one that comes after it. */
    LogsState state() throws IOException {
        List<LogsState.File> files = new ArrayList<>();
        for (FollowedLog log : logs) {
            files.add(new LogsState.File(log.path().toString(), log.places()));
        }
        return new LogsState(
                processes.boot(), completeSince, files, requests.openNow(), requests.endedNow(), requests.anyEnd());
    }

    /** Goes on from there, if every file is found again; before the first pass. Tells whether it does. */
    boolean resume(LogsState state) throws IOException {
        Map<String, List<LogsState.Place>> places = new HashMap<>();
        state.files().forEach(file -> places.put(file.path(), file.places()));
        for (FollowedLog log : logs) {
            if (!log.resume(places.getOrDefault(log.path().toString(), List.of()))) {
                close();
                return false;
            }
        }
        boolean sameBoot = state.boot().equals(processes.boot());
        completeSince = sameBoot ? state.completeSince() : 0;
        requests.resume(sameBoot ? state.open() : List.of(), state.ended(), nanos.getAsLong());
        requests.knowsOfEnds(state.anyEnd());
        state.open().forEach(request -> writers.know(request.pid(), request.writer()));
        return true;
    }

    /** How many were read. */
    long lines() {
        return lines;
    }

    OpenRequests requests() {
        return requests;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    /** For people, who want to know of httpd's processes of now: where all is quiet nobody has looked at them for long. */
    LogsStatus status() {
        if (nanos.getAsLong() - ranAt >= STALE_NANOS) {
            run(STALE_NANOS);
        }
        return new LogsStatus(
                logs.stream().map(log -> log.path().toString()).toList(),
                lines,
                rate.perSecond(),
                logs.stream().mapToLong(FollowedLog::behind).sum(),
                gaps,
                requests.size(),
                incomplete().orElse(""));
    }

    @Override
    public void close() throws IOException {
        for (FollowedLog log : logs) {
            log.close();
        }
    }
}
