package io.rollcall.apache;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a {@link LoadClient} saw.
 *
 * @param lasted from the first request due to the last answer
 * @param ok answers 2xx by a backend of the right service
 * @param failed all others
 * @param askedAgain requests sent twice, because the server ended the kept-alive connection instead of answering; not failures
 * @param statuses answers by status
 * @param backends good answers by "service backend"
 * @param failures the first thousand of those that failed
 * @param latencies from when a request was due to its whole answer
 */
public record LoadReport(
        Duration lasted,
        long ok,
        long failed,
        long askedAgain,
        Map<Integer, Long> statuses,
        Map<String, Long> backends,
        List<Failure> failures,
        Latencies latencies) {

    /**
     * One request that failed.
     *
     * @param at by the clock on the wall
     * @param after since the load began
     * @param request method, host and target
     * @param reason a status, a wrong service, or what became of the connection
     */
    public record Failure(Instant at, Duration after, String request, String reason) {}

    public LoadReport {
        statuses = Map.copyOf(statuses);
        backends = Map.copyOf(backends);
        failures = List.copyOf(failures);
    }

    /** Good answers a second. */
    public double rate() {
        return ok * 1e9 / Math.max(1, lasted.toNanos());
    }

    /** Failures by reason. */
    public Map<String, Long> reasons() {
        return failures.stream().collect(Collectors.groupingBy(Failure::reason, Collectors.counting()));
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d ok, %d failed, %d asked again in %.1f s (%.0f/s, p50 %.2f ms, p99 %.2f ms, max %.1f ms) %s",
                ok,
                failed,
                askedAgain,
                lasted.toNanos() / 1e9,
                rate(),
                latencies.quantile(0.5).toNanos() / 1e6,
                latencies.quantile(0.99).toNanos() / 1e6,
                latencies.quantile(1).toNanos() / 1e6,
                failures.isEmpty() ? "" : reasons() + " first: " + failures.get(0));
    }
}
