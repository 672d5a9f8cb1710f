package io.rollcall.registrar;

/** How far a registration is. */
public enum Phase {
    /** Not in the tree, or not in it any more: it is being tried, for ever. */
    PENDING,
    /** In the tree, and the tree says what was last asked for. */
    REGISTERED,
    /** In the tree; a change of weight or state is on its way. */
    UPDATING,
    /** The connection to ZooKeeper is gone. The znode lives until the session times out; a reconnection before that loses nothing. */
    SUSPENDED,
    /** {@code left} is being written, or has been and the linger runs. */
    LEAVING,
    /** Gone, or marked {@code left} until the session ends. Final. */
    LEFT
}
