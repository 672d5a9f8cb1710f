package io.rollcall.agent.watch;

/** What the registry says: who is there, and what somebody wants of them. */
public record Facts(Roll roll, Orders orders) {
    public static final Facts NONE = new Facts(Roll.EMPTY, Orders.NONE);
}
