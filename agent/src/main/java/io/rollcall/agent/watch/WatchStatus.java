package io.rollcall.agent.watch;

/**
 * How a watch stands.
 *
 * @param complete whether the whole tree was read at least once since the agent started
 * @param sweeps full readings so far
 * @param differences what periodic sweeps found that no event had told of; anything but 0 is a fault
 * @param problem the last error that stopped a reading; empty once a whole reading went well
 */
public record WatchStatus(boolean complete, long sweeps, long differences, String problem) {
    static final WatchStatus NONE = new WatchStatus(false, 0, 0, "");
}
