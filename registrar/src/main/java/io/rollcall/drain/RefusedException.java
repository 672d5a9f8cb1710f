package io.rollcall.drain;

/** What was asked for is not done, and nothing was changed; the message names what stands in the way. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public enum Reason {
        /** There is no such service, backend, agent or order. */
        UNKNOWN,
        /** Nobody would be left to take requests. */
        LAST,
        /** Another order stands for the same backend. */
        OTHER_ORDER,
        /** What is asked for contradicts itself, or how the backends are. */
        CONFLICT
    }

    private final Reason reason;

    RefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
