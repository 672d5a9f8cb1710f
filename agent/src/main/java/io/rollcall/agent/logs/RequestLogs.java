package io.rollcall.agent.logs;

import io.rollcall.agent.drain.RequestEvidence;
import io.rollcall.agent.loop.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that are open on this host, out of the logs that httpd writes where {@code ROLLCALL_LOG} is defined. It needs no
 * clock and no grace.
 *
 * <p><b>What is written.</b> For each request, in this order: {@code ?} into the error log of its virtual host, before anything
 * is looked up; {@code +} with service and backend into the same, after the lookups; the end into the request log, when httpd has
 * sent the last byte or given up, and no longer has anything to do with the backend. A second try writes {@code ?} and {@code +}
 * again. Each is in the file when the write returns, so before the request goes on.
 *
 * <p><b>Why nobody is missed.</b> A backend is taken out by renaming new maps into place. Who still gets the old answer had looked
 * at the file before the rename, and had written {@code ?} before that. So whoever reads the logs to their end after the rename
 * sees the {@code ?} of everyone who may have the old answer. From then on the backend is quiet when no request is open at it,
 * and each that was undecided at that reading has been decided or has ended. Later ones have the new answer.
 *
 * <p><b>When it can be trusted.</b> A child of httpd that was killed ends nothing: what it had open is dropped when the kernel no
 * longer knows it. It is told from its successors by its start time. Each child that serves now must have started after the logs
 * began to be followed without a gap. An end whose start is not found means that a log is not followed. Otherwise the answer is
 * that nothing is known, and why.
 */
public final class RequestLogs implements RequestEvidence, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLogs.class);
    private static final Duration EVERY = Duration.ofMillis(50);

    /** A connection that httpd could not make is acted on after half of this, on average, while there are requests. */
    private static final Duration ENDS_EVERY = Duration.ofMillis(10);

    /** After so long without a line they are looked at less often: each time costs 0.1 ms, for nothing. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    private static final Duration QUIET_EVERY = Duration.ofMillis(100);

    /** After so long even less often: whoever asks then is the first one. */
    private static final Duration VERY_QUIET = Duration.ofMinutes(1);

    private static final Duration VERY_QUIET_EVERY = Duration.ofMillis(250);

    /** Reading a second or so once more costs less than writing all the time. */
    private static final Duration SAVE_EVERY = Duration.ofSeconds(2);

    private final Optional<Path> state;
    private final LogPass pass;
    private final LongSupplier nanos;
    private long passAt; // by the loop, as the next two
    private long lineAt;
    private long lines;
    private Optional<LogsState> saved = Optional.empty(); // by the loop
    private String unsaved = ""; // by the loop
    private final Loop loop = new Loop("rollcall-logs");

    RequestLogs(
            List<Path> files,
            Optional<Path> state,
            Processes processes,
            LongSupplier nanos,
            Consumer<RequestEnd> ends) {
        this.state = state;
        this.nanos = nanos;
        this.lineAt = nanos.getAsLong() - QUIET.toNanos();
        this.passAt = lineAt;
        this.pass = resumed(files, state, processes, nanos, ends);
    }

    private static LogPass resumed(
            List<Path> files,
            Optional<Path> state,
            Processes processes,
            LongSupplier nanos,
            Consumer<RequestEnd> ends) {
        LogPass pass = new LogPass(files, processes, nanos, ends);
        try {
            Optional<LogsState> before = state.isPresent() ? LogsState.read(state.get()) : Optional.empty();
            if (before.isEmpty() || pass.resume(before.get())) {
                return pass;
            }
            LOG.info("The logs are not those that {} tells of; they are followed from their ends", state.orElseThrow());
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "The logs are followed from their ends, for where an agent before stopped cannot be used: {}",
                    e.toString());
        }
        return new LogPass(files, processes, nanos, ends);
    }

    /**
     * Those of all httpds of this host.
     *
     * @param uid whom httpd's children run as; empty: any user
     * @param state where it keeps how far it is, for its successor
     * @param ends is told of each request that is over, soon, by one thread at a time that must not wait
     */
    public static RequestLogs of(List<Path> files, OptionalInt uid, Path state, Consumer<RequestEnd> ends) {
        return new RequestLogs(
                files, Optional.of(state), Processes.of(uid, OptionalLong.empty()), System::nanoTime, ends);
    }

    /** Those of one httpd, by the process id of its parent. */
    public static RequestLogs ofHttpd(List<Path> files, long parent) {
        return new RequestLogs(
                files,
                Optional.empty(),
                Processes.of(OptionalInt.empty(), OptionalLong.of(parent)),
                System::nanoTime,
                end -> {});
    }

    public void start() {
        loop.run(this::follow);
        loop.every(SAVE_EVERY, this::save);
    }

    private void follow() {
        Duration pause = QUIET_EVERY;
        try {
            pause = readOn();
        } finally {
            loop.after(pause, this::follow);
        }
    }

    /** Reads what has been written; tells when to do so again. */
    Duration readOn() {
        long now = nanos.getAsLong();
        synchronized (pass) {
            if (now - passAt >= EVERY.toNanos()) {
                passAt = now;
                pass.keepUp();
            } else {
                pass.readEnds();
            }
            if (pass.lines() != lines) {
                lines = pass.lines();
                lineAt = now;
            }
        }
        long quiet = now - lineAt;
        return quiet < QUIET.toNanos() ? ENDS_EVERY : quiet < VERY_QUIET.toNanos() ? QUIET_EVERY : VERY_QUIET_EVERY;
    }

    private void save() {
        if (state.isEmpty()) {
            return;
        }
        try {
            LogsState now;
            synchronized (pass) {
                now = pass.state();
            }
            if (!saved.equals(Optional.of(now)) || !Files.exists(state.get())) {
                now.write(state.get());
                saved = Optional.of(now);
            }
            unsaved = "";
        } catch (IOException e) {
            if (!e.toString().equals(unsaved)) {
                unsaved = e.toString();
                LOG.warn(
                        "{} cannot be written: {}; after a restart the logs will count only once httpd's children are new",
                        state.get(),
                        unsaved);
            }
        }
    }

    @Override
    public Watch watch(String serviceKey, String target) {
        synchronized (pass) {
            pass.runNow();
            return new BackendWatch(pass, serviceKey, target);
        }
    }

    /** What has been read, for people. */
    public LogsStatus status() {
        synchronized (pass) {
            return pass.status();
        }
    }

    @Override
    public void close() throws IOException {
        if (loop.close(Duration.ofSeconds(2))) {
            save();
        }
        synchronized (pass) {
            pass.close();
        }
    }
}
