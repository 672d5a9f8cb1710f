package io.rollcall.agent.cli;

/** Exit codes that scripts can rely on. */
final class Exit {
    static final int DONE = 0;
    /** The answer is no, or a check failed. */
    static final int NO = 1;
    /** Wrong usage or a setting that cannot be honoured. */
    static final int USAGE = 2;
    /** The agent or ZooKeeper does not answer. */
    static final int UNREACHABLE = 3;

    private Exit() {}
}
