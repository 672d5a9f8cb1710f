package io.rollcall.drain;

import io.rollcall.registry.Ack;

/**
 * One thing that stands between a backend and being quiet.
 *
 * @param who the agent; the backend itself for {@link Kind#BACKEND_OPEN}; empty if it is nobody's
 * @param open requests or connections that are open; 0 where that is not what it is about
 * @param evidence what {@code open} rests on
 * @param detail for people: since when, why, or what is open
 */
public record Hold(Kind kind, String who, long open, Ack.Evidence evidence, String detail) {
    public enum Kind {
        /** This process has no connection to ZooKeeper: nothing is known at the moment. */
        NO_ZOOKEEPER,
        /** No agent is known, so nobody can confirm anything. */
        NO_AGENTS,
        /** The agent is known and not connected: it may be routing from its last view. */
        NOT_CONNECTED,
        /** The agent does not route to all of those that take over yet. */
        NOT_READY,
        /** The agent still routes to the backend, or has not answered. */
        NOT_SWITCHED,
        /** Nothing new goes to the backend from the agent's httpds; something is open, or may still come. */
        OPEN,
        /** The backend itself counts requests. */
        BACKEND_OPEN
    }

    static Hold of(Kind kind, String who, String detail) {
        return new Hold(kind, who, 0, Ack.Evidence.NONE, detail);
    }

    /** Whether it is that somebody cannot be asked, rather than that something is open. */
    public boolean unreachable() {
        return kind == Kind.NO_AGENTS || kind == Kind.NOT_CONNECTED;
    }

    /** One line for people. */
    public String text() {
        return switch (kind) {
            case NO_ZOOKEEPER, NO_AGENTS -> detail;
            case NOT_CONNECTED -> who + ": not connected " + detail + "; it may be routing from its last view";
            case NOT_READY -> who + ": not ready: " + detail;
            case NOT_SWITCHED -> who + ": not switched: " + detail;
            case OPEN -> who + ": " + counted() + (detail.isEmpty() ? "" : " (" + detail + ")");
            case BACKEND_OPEN -> who + ": counts " + open + (open == 1 ? " request" : " requests") + " itself";
        };
    }

    private String counted() {
        String what = evidence == Ack.Evidence.CONNECTIONS ? "connection" : "request";
        return open == 0 ? "switched, not quiet yet" : open + " " + what + (open == 1 ? "" : "s") + " open";
    }
}
