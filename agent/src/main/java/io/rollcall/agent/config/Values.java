package io.rollcall.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Parsers of single values. Each throws IllegalArgumentException with what it expected. */
public final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    private static final String PORT = "(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])";
    private static final String HOST = "[^\\s,/]+:" + PORT;
    private static final String HOSTS_AND_CHROOT = HOST + "(," + HOST + ")*(/\\S+)?";

    /** Ten years, which nanoseconds in a long can hold. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    private Values() {}

    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a duration such as 50ms, 10s, 5m, 2h or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("at most " + LONGEST.toDays() + "d");
        }
        return duration;
    }

    static Duration durationFrom(String text, Duration least) {
        Duration duration = duration(text);
        if (duration.compareTo(least) < 0) {
            throw new IllegalArgumentException("at least " + least.toMillis() + "ms");
        }
        return duration;
    }

    static Duration durationWithin(String text, Duration least, Duration most) {
        Duration duration = durationFrom(text, least);
        if (duration.compareTo(most) > 0) {
            throw new IllegalArgumentException("at most " + most.toSeconds() + "s");
        }
        return duration;
    }

    /** What httpd can count in. */
    static Duration wholeSeconds(String text) {
        Duration duration = durationWithin(text, Duration.ofSeconds(1), Duration.ofHours(1));
        if (duration.toMillis() % 1000 != 0) {
            throw new IllegalArgumentException("whole seconds");
        }
        return duration;
    }

    static String host(String text) {
        if (!text.matches("[^\\s,/]+")) {
            throw new IllegalArgumentException("an address to listen on");
        }
        return text;
    }

    static Path absolute(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("an absolute path");
        }
        return Path.of(text);
    }

    /** A command for the shell; {@code off} is none. */
    static Optional<String> command(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("off, or a command");
        }
        return text.equals("off") ? Optional.empty() : Optional.of(text);
    }

    /** Absolute paths with commas between; {@code off} and nothing are none. */
    static List<Path> files(String text) {
        if (text.isEmpty() || text.equals("off")) {
            return List.of();
        }
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(part -> {
                    if (!part.startsWith("/")) {
                        throw new IllegalArgumentException("off, or absolute paths with commas between");
                    }
                    return Path.of(part);
                })
                .toList();
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
        if (!text.matches(HOSTS_AND_CHROOT)) {
            throw new IllegalArgumentException("host:port[,host:port...][/chroot]");
        }
        return text;
    }
}
