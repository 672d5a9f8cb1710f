package io.rollcall.agent.traffic;

import java.util.List;

/**
 * The traffic of one backend under one service, of about the last half minute.
 *
 * @param perSecond tries that were sent to it, or should have been
 * @param classes of their responses in per cent, 1xx to 5xx
 * @param tries since the agent started
 * @param connectFailures since the agent started
 * @param gatewayErrors since the agent started: responses with a status of {@code eject.statuses}
 * @param p50 microseconds, of whole requests
 */
public record TrafficReport(
        double perSecond,
        List<Integer> classes,
        long tries,
        long connectFailures,
        long gatewayErrors,
        long p50,
        long p99) {
    public TrafficReport {
        classes = List.copyOf(classes);
    }
}
