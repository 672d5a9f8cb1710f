package io.rollcall.registry;

import java.util.regex.Pattern;

/**
 * What others wrote, made fit for a log line and a terminal: no control characters (C1 among them, which some terminals obey), no
 * line ends, nothing that turns the direction of writing.
 */
public final class Excerpt {
    private static final int LONGEST = 200;
    private static final Pattern UNFIT = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private Excerpt() {}

    /** All of {@code text} on one printable line. */
    public static String line(String text) {
        return isPlain(text) ? text : UNFIT.matcher(text).replaceAll("?");
    }

    /** As nearly all is: thousands of words a second, where thousands of backends change. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** The beginning of {@code text}, for a message that says more than that. */
    public static String of(String text) {
        return text.length() <= LONGEST ? line(text) : line(text.substring(0, LONGEST)) + "...";
    }
}
