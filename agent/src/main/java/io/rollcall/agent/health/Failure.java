package io.rollcall.agent.health;

/**
 * Why a backend is not well.
 *
 * @param reason for people, in a few words
 */
public record Failure(Kind kind, Source source, String reason) {
    /** How sure it is that nothing can be served there. */
    public enum Kind {
        /** Our own connection was refused or reset before it stood: httpd's will be, too. */
        HARD,
        /** It answers, with errors: it may be overloaded. */
        SOFT,
        /** Nothing came back in time, or it cannot be reached: it may be overloaded, or not there, or the fault is this host's. */
        SILENT
    }

    /** Who noticed. */
    public enum Source {
        PROBE,
        TRAFFIC
    }

    static Failure hard(String reason) {
        return new Failure(Kind.HARD, Source.PROBE, reason);
    }

    static Failure soft(String reason) {
        return new Failure(Kind.SOFT, Source.PROBE, reason);
    }

    static Failure silent(String reason) {
        return new Failure(Kind.SILENT, Source.PROBE, reason);
    }

    static Failure traffic(String reason) {
        return new Failure(Kind.SOFT, Source.TRAFFIC, reason);
    }

    public boolean isHard() {
        return kind == Kind.HARD;
    }
}
