package io.rollcall.apache;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Counts what a {@link LoadClient} sees. Written by its thread, read by any. */
final class LoadTally {
    private static final int FAILURES_KEPT = 1000;

    private final Map<Integer, Long> statuses = new TreeMap<>();
    private final Map<String, Long> backends = new TreeMap<>();
    private final List<LoadReport.Failure> failures = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private final Consumer<LoadClient.Exchange> observer;
    private long ok;
    private long failed;
    private long askedAgain;
    private long beginNanos;
    private long endNanos;
    private boolean ended;

    LoadTally(Consumer<LoadClient.Exchange> observer) {
        this.observer = observer;
    }

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
            LoadConnection.Prepared request,
            int status,
            String service,
            String backend,
            long dueNanos,
            long askedNanos,
            long nowNanos) {
        statuses.merge(status, 1L, Long::sum);
        latencies.add(nowNanos - dueNanos);
        String reason = fault(request.ask(), status, service, backend);
        if (reason.isEmpty()) {
            ok++;
            backends.merge(service + " " + backend, 1L, Long::sum);
        } else {
            keep(nowNanos, request.name(), reason);
        }
        observer.accept(new LoadClient.Exchange(request.ask(), askedNanos, nowNanos, status, service, backend, reason));
    }

    private static String fault(LoadClient.Ask ask, int status, String service, String backend) {
        if (status < 200 || status > 299) {
            return "status " + status;
        }
        if (!service.equals(ask.service())) {
            return "answered by service " + service + " (backend " + backend + ")";
        }
        return backend.isEmpty() ? "the answer names no backend" : "";
    }

    synchronized void unanswered(LoadConnection.Prepared request, String reason, long askedNanos) {
        long now = System.nanoTime();
        keep(now, request.name(), reason);
        observer.accept(new LoadClient.Exchange(request.ask(), askedNanos, now, 0, "", "", reason));
    }

    /** What went wrong before there was a request. */
    synchronized void failed(long nowNanos, String reason) {
        keep(nowNanos, "", reason);
    }

    private void keep(long nowNanos, String request, String reason) {
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
