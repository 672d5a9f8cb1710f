package io.rollcall.agent.logs;

import java.util.List;

/**
 * What is read of httpd's logs.
 *
 * @param lines read since the start, of whatever kind
 * @param linesPerSecond over the last seconds
 * @param behind bytes that are written and not read
 * @param gaps how often lines were lost
 * @param open requests whose end was not read
 * @param problem why it is not complete; empty if it is
 */
public record LogsStatus(
        List<String> files, long lines, long linesPerSecond, long behind, long gaps, int open, String problem) {
    public LogsStatus {
        files = List.copyOf(files);
    }
}
