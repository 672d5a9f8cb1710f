package io.rollcall.agent.watch;

import java.time.Instant;

/**
 * How the watch on the registry stands.
 *
 * @param connection one of {@code never connected}, {@code connected}, {@code suspended} or {@code lost}
 * @param since when the connection came into that state
 * @param complete whether the whole tree was read at least once since the agent started
 * @param sweeps full readings so far
 * @param differences what periodic sweeps found that no event had told of; anything but 0 is a fault
 * @param problem the last error that stopped a reading; empty once a whole reading went well
 */
public record WatchStatus(
        String connection, Instant since, boolean complete, long sweeps, long differences, String problem) {}
