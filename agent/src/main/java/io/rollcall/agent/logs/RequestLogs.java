package io.rollcall.agent.logs;

import io.rollcall.agent.drain.RequestEvidence;
import io.rollcall.agent.loop.Loop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

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
    private static final Duration EVERY = Duration.ofMillis(50);

    private final LogPass pass;
    private final Loop loop = new Loop("rollcall-logs");

    RequestLogs(List<Path> files, Processes processes, LongSupplier nanos) {
        this.pass = new LogPass(files, processes, nanos);
    }

    /**
     * Those of all httpds of this host.
     *
     * @param uid whom httpd's children run as; empty: any user
     */
    public static RequestLogs of(List<Path> files, OptionalInt uid) {
        return new RequestLogs(files, Processes.of(uid, OptionalLong.empty()), System::nanoTime);
    }

    /** Those of one httpd, by the process id of its parent. */
    public static RequestLogs ofHttpd(List<Path> files, long parent) {
        return new RequestLogs(files, Processes.of(OptionalInt.empty(), OptionalLong.of(parent)), System::nanoTime);
    }

    public void start() {
        loop.run(this::readOn);
        loop.every(EVERY, this::readOn);
    }

    private void readOn() {
        synchronized (pass) {
            pass.run();
        }
    }

    @Override
    public Watch watch(String serviceKey, String target) {
        synchronized (pass) {
            pass.run();
            return new BackendWatch(pass, serviceKey, target);
        }
    }

    /** What has been read so far, for people. */
    public LogsStatus status() {
        synchronized (pass) {
            return pass.status();
        }
    }

    @Override
    public void close() throws IOException {
        loop.close(Duration.ofSeconds(2));
        synchronized (pass) {
            pass.close();
        }
    }
}
