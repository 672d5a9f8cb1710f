package io.rollcall.agent.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What happened to the requests that one service sent to one backend. Used by one thread at a time. */
final class Account {
    /** A burst: so many errors within a second or in a row, and so large a part of its tries in that second. */
    static final int BURST = 3;

    static final int BURST_PART = 5;

    private static final long SECOND = 1_000_000_000L;

    /** Errors in a row that took longer are not of one trouble. */
    private static final long ROW = 10 * SECOND;

    /** One probe is made for all connections that fail meanwhile. */
    private static final long AGAIN = 10_000_000L;

    private static final double HALF_LIFE = 10.0; // seconds

    private final double[] classes = new double[5];
    private final Latencies latencies = new Latencies();
    private double weight; // what a rate of one per second would have added up to
    private long decayedAt;
    private long tries;
    private long connectFailures;
    private boolean failed;
    private long failedAt;
    private long gatewayErrors;
    private long windowAt;
    private int windowTries;
    private int windowErrors;
    private boolean told;
    private int row; // errors since the last answer that was none
    private long rowSince;

    Account(long now) {
        decayedAt = now;
        windowAt = now;
    }

    /**
     * A try that never reached the backend.
     *
     * @param news whether it has only just ended
     * @return whether to look at the backend at once
     */
    boolean connectFailed(boolean news, long now) {
        advance(now);
        tries++;
        connectFailures++;
        classes[4]++;
        windowTries += news ? 1 : 0;
        if (!news || (failed && now - failedAt < AGAIN)) {
            return false;
        }
        failed = true;
        failedAt = now;
        return true;
    }

    /**
     * A response.
     *
     * @return what to say of a burst of errors, once for each
     */
    Optional<String> answered(int status, long micros, boolean error, boolean news, long now) {
        advance(now);
        classes[Math.max(1, Math.min(5, status / 100)) - 1]++;
        tries++;
        latencies.add(micros);
        gatewayErrors += error ? 1 : 0;
        windowTries += news ? 1 : 0;
        windowErrors += news && error ? 1 : 0;
        if (!news || told) {
            return Optional.empty();
        }
        countRow(error, now);
        boolean enough = windowErrors >= BURST || row >= BURST;
        if (!error || !enough || BURST_PART * windowErrors < windowTries) {
            return Optional.empty();
        }
        String what =
                windowErrors >= BURST ? windowErrors + " of " + windowTries + " requests" : row + " requests in a row";
        told = true;
        row = 0;
        return Optional.of(what + " got " + status + " or the like");
    }

    private void countRow(boolean error, long now) {
        if (!error) {
            row = 0;
        } else if (row == 0 || now - rowSince > ROW) {
            row = 1;
            rowSince = now;
        } else {
            row++;
        }
    }

    long tries() {
        return tries;
    }

    long idleSince() {
        return decayedAt;
    }

    TrafficReport report(long now) {
        double sum = 0;
        for (double count : classes) {
            sum += count;
        }
        List<Integer> shares = new ArrayList<>();
        for (double count : classes) {
            shares.add(sum == 0 ? 0 : (int) Math.round(100 * count / sum));
        }
        double seconds = (now - decayedAt) / (double) SECOND;
        double factor = Math.pow(0.5, seconds / HALF_LIFE);
        double all = weight * factor + grown(seconds);
        return new TrafficReport(
                all <= 0 ? 0 : Math.round(10 * sum * factor / all) / 10.0,
                shares,
                tries,
                connectFailures,
                gatewayErrors,
                latencies.percentile(0.5),
                latencies.percentile(0.99));
    }

    private void advance(long now) {
        double seconds = (now - decayedAt) / (double) SECOND;
        if (seconds >= 1) { // often enough for a half life of ten seconds
            double factor = Math.pow(0.5, seconds / HALF_LIFE);
            weight = weight * factor + grown(seconds);
            for (int i = 0; i < classes.length; i++) {
                classes[i] *= factor;
            }
            latencies.halve(seconds / HALF_LIFE);
            decayedAt = now;
        }
        if (now - windowAt >= SECOND) {
            windowAt = now;
            windowTries = 0;
            windowErrors = 0;
            told = false;
        }
    }

    /** What one try a second adds up to in that time, decayed. */
    private static double grown(double seconds) {
        return (1 - Math.pow(0.5, seconds / HALF_LIFE)) * HALF_LIFE / Math.log(2);
    }
}
