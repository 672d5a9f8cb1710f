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
    /** Not done in time: requests or agents are still open. */
    static final int TIMED_OUT = 4;
    /** Not confirmed: an agent that may be routing cannot be asked, or none is known. */
    static final int UNCONFIRMED = 5;
    /** There is no such service, backend or agent. */
    static final int UNKNOWN = 6;

    private Exit() {}
}
