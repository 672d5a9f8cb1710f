package io.rollcall.agent.view;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The form in which names are compared: lower case, without the root's dot. */
public final class HostNames {
    /** What httpd's rules let through to a lookup; underscores occur in real host names. */
    private static final Pattern NAME = Pattern.compile(
            "[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?(\\.[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)*");

    private static final int MAX_LENGTH = 253;

    private HostNames() {}

    /** Empty if {@code text} is no host name. */
    public static Optional<String> normal(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        // Matched as written: lower case turns some characters beyond ASCII into letters of it, such as the Kelvin
        // sign.
        return name.length() <= MAX_LENGTH && NAME.matcher(name).matches()
                ? Optional.of(name.toLowerCase(Locale.ROOT))
                : Optional.empty();
    }
}
