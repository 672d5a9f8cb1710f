package io.rollcall.drain;

import java.time.Instant;

/**
 * Something that happened in the registry.
 *
 * @param at when it was seen here
 * @param service in the form in which names are compared; empty where it is about the connection
 * @param backend its id; empty where it is about the connection
 * @param target {@code address:port} as registered; empty if not known
 * @param version release that it runs; empty if not told
 * @param detail the rest, for people: what changed, who ordered what
 */
public record Event(
        Instant at, Kind kind, String service, String backend, String target, String version, String detail) {

    public enum Kind {
        /** Was there already when the watching began. */
        PRESENT,
        JOINED,
        /** Another process has taken its id. */
        RESTARTED,
        /** Its state, weight, address or version is another one. */
        CHANGED,
        /** Said goodbye. */
        LEFT,
        /** Vanished without a word. */
        LOST,
        /** Somebody ordered something, or the order went on from preparing to draining. */
        ORDERED,
        /** May be stopped. */
        QUIET,
        /** The order for it was taken back. */
        TAKEN_BACK,
        /** ZooKeeper does not answer: nothing is seen. */
        DISCONNECTED,
        /** ZooKeeper answers again; what happened meanwhile follows. */
        CONNECTED;

        private String words() {
            return switch (this) {
                case PRESENT -> "is here";
                case JOINED -> "joined";
                case RESTARTED -> "was started anew";
                case CHANGED -> "changed";
                case LEFT -> "left";
                case LOST -> "is lost";
                case ORDERED -> "is ordered to";
                case QUIET -> "is quiet";
                case TAKEN_BACK -> "gets requests again";
                case DISCONNECTED -> "no connection to ZooKeeper";
                case CONNECTED -> "connected to ZooKeeper";
            };
        }
    }

    Event at(Instant when) {
        return new Event(when, kind, service, backend, target, version, detail);
    }

    static Event ofConnection(Kind kind) {
        return new Event(Instant.EPOCH, kind, "", "", "", "", "");
    }

    /** One line for people, without the time. */
    public String text() {
        if (service.isEmpty()) {
            return kind.words();
        }
        String where = target.isEmpty() ? "" : " (" + target + (version.isEmpty() ? "" : ", version " + version) + ")";
        return service + " " + backend + where + " " + kind.words() + (detail.isEmpty() ? "" : " " + detail);
    }
}
