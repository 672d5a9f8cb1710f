package io.rollcall.agent.config;

import io.rollcall.agent.health.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of health. Each parser throws IllegalArgumentException with what it expected. */
final class HealthValues {
    private static final Pattern PATH_OF_SERVICE = Pattern.compile("([^/\\s=,]{1,253})\\s*=\\s*(/[!-+\\--~]{0,199})");
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration CALMEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(1);

    private HealthValues() {}

    static Settings of(ConfigFile file) throws ConfigException {
        return new Settings(
                file.get(Setting.PROBE_INTERVAL, HealthValues::interval),
                calmest(file),
                file.get(Setting.PROBE_TIMEOUT, text -> Values.durationWithin(text, SHORTEST, LONGEST)),
                file.get(Setting.PROBE_RISE, text -> Values.integer(text, 1, 100)),
                file.get(Setting.PROBE_FALL, text -> Values.integer(text, 1, 100)),
                file.get(Setting.PROBE_FIRST, HealthValues::first),
                file.get(Setting.PROBE_HTTP, HealthValues::paths),
                new Settings.Eject(
                        file.get(Setting.EJECT_MAX, HealthValues::percent),
                        file.get(Setting.EJECT_BASE, text -> Values.durationWithin(text, Duration.ZERO, LONGEST)),
                        file.get(Setting.EJECT_LONGEST, text -> Values.durationWithin(text, Duration.ZERO, LONGEST)),
                        file.get(Setting.EJECT_STATUSES, HealthValues::statuses)),
                file.get(Setting.SLOW_START, text -> Values.durationWithin(text, Duration.ZERO, LONGEST)));
    }

    /** What connecting can show, requests show sooner, if the agent is told of them. An interval that somebody chose is kept. */
    private static Duration calmest(ConfigFile file) throws ConfigException {
        boolean told = !file.get(Setting.HTTPD_LOGS, Values::files).isEmpty();
        return told && !file.isSet(Setting.PROBE_INTERVAL) ? CALMEST : Duration.ZERO;
    }

    static Optional<Duration> interval(String text) {
        return text.equals("off") ? Optional.empty() : Optional.of(Values.durationWithin(text, SHORTEST, LONGEST));
    }

    static boolean first(String text) {
        return switch (text) {
            case "required" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("required or off");
        };
    }

    static int percent(String text) {
        if (!text.endsWith("%")) {
            throw new IllegalArgumentException("0% to 100%");
        }
        return Values.integer(text.substring(0, text.length() - 1), 0, 100);
    }

    static Set<Integer> statuses(String text) {
        Set<Integer> statuses = new HashSet<>();
        if (!text.equals("off")) {
            for (String part : text.split(",", -1)) {
                statuses.add(Values.integer(part.strip(), 400, 599));
            }
        }
        return statuses;
    }

    /** {@code shop.example.com=/health, ...}, by the compared form of the name. */
    static Map<String, String> paths(String text) {
        Map<String, String> paths = new HashMap<>();
        if (!text.equals("off")) {
            for (String part : text.split(",", -1)) {
                Matcher matcher = PATH_OF_SERVICE.matcher(part.strip());
                if (!matcher.matches()) {
                    throw new IllegalArgumentException("off, or service=/path with commas between");
                }
                paths.put(matcher.group(1).toLowerCase(java.util.Locale.ROOT), matcher.group(2));
            }
        }
        return paths;
    }
}
