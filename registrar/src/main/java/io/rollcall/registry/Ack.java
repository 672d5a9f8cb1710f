package io.rollcall.registry;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How far somebody is with an order. It counts only for the version of the order that it quotes.
 *
 * @param czxid of the order's znode: which order
 * @param mzxid of the order's znode: which version of it
 * @param stage how far
 * @param evidence what {@link Stage#QUIET} rests on, or would rest on; {@link Evidence#NONE} before there is any
 * @param open requests or connections that are open, by that evidence; 0 if none are, or that is not known yet
 * @param detail what it waits for, or what it saw, for people
 * @param at when, as ISO 8601, for people
 */
public record Ack(long czxid, long mzxid, Stage stage, Evidence evidence, long open, String detail, String at) {
    /** The name of the ack that the backend's own registrar writes; all others are named by the agent. */
    public static final String REGISTRAR = "registrar";

    /** How far; each implies those before it. */
    public enum Stage {
        /** Seen; something stands in the way. */
        WAITING,
        /** Those that take over are in the published map. */
        READY,
        /** The backend is not in the published map any more. */
        SWITCHED,
        /** No request to it is open and none can still come. Not taken back. */
        QUIET;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public boolean atLeast(Stage other) {
            return compareTo(other) >= 0;
        }

        static String words() {
            return Arrays.stream(values()).map(Stage::word).collect(Collectors.joining(", "));
        }

        public static Optional<Stage> of(String word) {
            return List.of(values()).stream()
                    .filter(stage -> stage.word().equals(word))
                    .findFirst();
        }
    }

    /** What tells whether requests are open, best first. */
    public enum Evidence {
        /** Starts and ends of requests in httpd's logs, paired. */
        REQUESTS,
        /** The backend's own count of requests, and a grace for those on their way. */
        REGISTRAR,
        /** TCP connections of httpd's user to the backend, and a grace for those not yet opened. */
        CONNECTIONS,
        /** Nothing yet. */
        NONE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Evidence> of(String word) {
            return List.of(values()).stream()
                    .filter(evidence -> evidence.word().equals(word))
                    .findFirst();
        }
    }

    public Ack {
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(evidence, "evidence");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(at, "at");
    }

    /** Whether it is about this very order in this very version. */
    public boolean quotes(long orderCzxid, long orderMzxid) {
        return czxid == orderCzxid && mzxid == orderMzxid;
    }
}
