package io.rollcall.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Parsers of single values. Each throws IllegalArgumentException with what it expected. */
public final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    private Values() {}

    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a duration such as 50ms, 10s, 5m, 2h or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    static Duration durationFrom(String text, Duration least) {
        Duration duration = duration(text);
        if (duration.compareTo(least) < 0) {
            throw new IllegalArgumentException("at least " + least.toMillis() + "ms");
        }
        return duration;
    }

    static Path absolute(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("an absolute path");
        }
        return Path.of(text);
    }

    static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("a regular expression; " + e.getDescription(), e);
        }
    }

    static int integer(String text, int least, int most) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(least + ".." + most, e);
        }
        throw new IllegalArgumentException(least + ".." + most);
    }

    static boolean yes(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false");
        };
    }

    static String connectString(String text) {
        if (!text.matches("[^\\s,/]+:\\d{1,5}(,[^\\s,/]+:\\d{1,5})*(/\\S+)?")) {
            throw new IllegalArgumentException("host:port[,host:port...][/chroot]");
        }
        return text;
    }
}
