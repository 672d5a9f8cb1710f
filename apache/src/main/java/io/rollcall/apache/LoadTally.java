package io.rollcall.apache;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a {@link LoadClient} sees. Written by its thread, read by any. */
final class LoadTally {
    private static final int FAILURES_KEPT = 1000;

    private final Map<Integer, Long> statuses = new TreeMap<>();
    private final Map<String, Long> backends = new TreeMap<>();
    private final List<LoadReport.Failure> failures = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private long ok;
    private long failed;
    private long askedAgain;
    private long beginNanos;
    private long endNanos;
    private boolean ended;

    synchronized void begin() {
        beginNanos = System.nanoTime();
    }

    synchronized void end() {
        endNanos = System.nanoTime();
        ended = true;
    }

    synchronized void askedAgain() {
        askedAgain++;
    }

    synchronized void answered(
            LoadConnection.Prepared request, int status, String service, String backend, long dueNanos, long nowNanos) {
        statuses.merge(status, 1L, Long::sum);
        latencies.add(nowNanos - dueNanos);
        if (status < 200 || status > 299) {
            failed(nowNanos, request.name(), "status " + status);
        } else if (!service.equals(request.ask().service())) {
            failed(nowNanos, request.name(), "answered by service " + service + " (backend " + backend + ")");
        } else if (backend.isEmpty()) {
            failed(nowNanos, request.name(), "the answer names no backend");
        } else {
            ok++;
            backends.merge(service + " " + backend, 1L, Long::sum);
        }
    }

    synchronized void failed(long nowNanos, String request, String reason) {
        failed++;
        if (failures.size() < FAILURES_KEPT) {
            failures.add(
                    new LoadReport.Failure(Instant.now(), Duration.ofNanos(nowNanos - beginNanos), request, reason));
        }
    }

    synchronized LoadReport report() {
        Duration lasted = Duration.ofNanos((ended ? endNanos : System.nanoTime()) - beginNanos);
        return new LoadReport(lasted, ok, failed, askedAgain, statuses, backends, failures, latencies.copy());
    }
}
