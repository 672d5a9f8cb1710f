package io.rollcall.deploy.demo;

import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.deploy.stage.RequestLog;
import java.util.List;

/**
 * Tells the failures that a SIGKILL explains from all others. A request was in flight on the killed process if httpd's log names
 * that backend as where it went, and it was under way between the kill and the moment the process was gone, in which its sockets
 * are closed. Every other failure counts, whether the client saw it or httpd's log has it.
 *
 * @param newName a host name that is 404 until its first backend has answered
 * @param appearedNanos when that was
 */
record Verdict(Kill kill, String newName, long appearedNanos) {

    /** The moment of a kill, on both clocks: the load's ({@link System#nanoTime}) and httpd's log's (since 1970). */
    record Kill(String victim, long beginNanos, long goneNanos, long beginMicros, long goneMicros) {}

    /**
     * What became of the requests that did not go well.
     *
     * @param early 404 while nobody served the new name
     * @param inFlight as httpd's log has them; the client saw no more than these
     * @param retried answered by another backend after the killed one had refused the connection
     * @param clientFailures that nothing explains
     * @param logFailures that nothing explains
     */
    record Counts(
            long early,
            long inFlight,
            long retried,
            List<Exchange> clientFailures,
            List<RequestLog.Entry> logFailures) {}

    Counts judge(List<Exchange> failures, List<RequestLog.Entry> log) {
        List<RequestLog.Entry> bad = log.stream()
                .filter(one -> one.status() >= 400 && one.status() != 404)
                .toList();
        return new Counts(
                failures.stream().filter(this::unknownYet).count(),
                bad.stream().filter(this::inFlight).count(),
                log.stream()
                        .filter(one -> one.attempt().equals("2") && one.status() == 200)
                        .count(),
                failures.stream()
                        .filter(one -> !unknownYet(one) && !underWay(one))
                        .toList(),
                bad.stream().filter(one -> !inFlight(one)).toList());
    }

    private boolean inFlight(RequestLog.Entry entry) {
        return entry.backend().equals(kill.victim)
                && entry.beginMicros() <= kill.goneMicros
                && entry.endMicros() >= kill.beginMicros;
    }

    private boolean underWay(Exchange failure) {
        return failure.askedNanos() - kill.goneNanos <= 0 && failure.endedNanos() - kill.beginNanos >= 0;
    }

    private boolean unknownYet(Exchange failure) {
        return failure.ask().host().equals(newName)
                && failure.status() == 404
                && failure.endedNanos() - appearedNanos < 0;
    }
}
