package io.rollcall.drain;

import java.util.function.Predicate;

/**
 * Which backends somebody means: an id, {@code address:port}, {@code version=42} or {@code zone=a}.
 *
 * @param text as it was written
 */
record Selection(String text) implements Predicate<Member> {
    private static final String VERSION = "version=";
    private static final String ZONE = "zone=";

    @Override
    public boolean test(Member member) {
        if (text.startsWith(VERSION)) {
            return member.instance().version().equals(text.substring(VERSION.length()));
        }
        if (text.startsWith(ZONE)) {
            return member.instance().zone().equals(text.substring(ZONE.length()));
        }
        return member.id().equals(text)
                || member.target().equals(text)
                || (member.instance().address() + ":" + member.instance().port()).equals(text);
    }

    /** Whether it names one backend, which may be there or not. */
    boolean single() {
        return !text.startsWith(VERSION) && !text.startsWith(ZONE);
    }
}
