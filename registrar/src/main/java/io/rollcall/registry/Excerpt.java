package io.rollcall.registry;

/**
 * What others wrote, made fit for a log line and a terminal: no control characters (C1 among them, which some terminals obey), no
 * line ends, nothing that turns the direction of writing.
 */
public final class Excerpt {
    private static final int LONGEST = 200;

    private Excerpt() {}

    /** All of {@code text} on one printable line. */
    public static String line(String text) {
        return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }

    /** The beginning of {@code text}, for a message that says more than that. */
    public static String of(String text) {
        return text.length() <= LONGEST ? line(text) : line(text.substring(0, LONGEST)) + "...";
    }
}
