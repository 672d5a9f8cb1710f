package io.rollcall.agent.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The lines of a properties file: {@code key = value}, {@code #} starts a comment line. Nothing is escaped: a backslash in a
 * pattern is a backslash.
 */
final class ConfigFile {
    private record Line(int number, String value) {}

    private final Path file;
    private final Map<Setting, Line> lines;

    private ConfigFile(Path file, Map<Setting, Line> lines) {
        this.file = file;
        this.lines = lines;
    }

    static ConfigFile read(Path file) throws ConfigException {
        List<String> text;
        try {
            text = Files.readAllLines(file);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read (" + e + "; expected: a file of key = value lines)");
        }
        Map<Setting, Line> lines = new EnumMap<>(Setting.class);
        for (int i = 0; i < text.size(); i++) {
            String line = text.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(file, i + 1, line, lines);
            }
        }
        return new ConfigFile(file, lines);
    }

    static ConfigFile empty() {
        return new ConfigFile(Path.of("defaults"), Map.of());
    }

    private static void add(Path file, int number, String line, Map<Setting, Line> lines) throws ConfigException {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new ConfigException(file + ":" + number + ": '" + line + "' (expected: key = value)");
        }
        String key = line.substring(0, equals).strip();
        Setting setting = Setting.of(key)
                .orElseThrow(() -> new ConfigException(file + ":" + number + ": unknown key '" + key
                        + "' (nearest known key: " + Setting.nearest(key) + "; all keys: " + Setting.keys() + ")"));
        Line before =
                lines.put(setting, new Line(number, line.substring(equals + 1).strip()));
        if (before != null) {
            throw new ConfigException(file + ":" + number + ": '" + key
                    + "' is set twice (expected: once; first in line " + before.number + ")");
        }
    }

    /** Refuses a setting that another one makes meaningless. */
    void mustNotBeSet(Setting setting, String because) throws ConfigException {
        Line line = lines.get(setting);
        if (line != null) {
            throw new ConfigException(file + ":" + line.number + ": " + setting.key + ": '" + line.value
                    + "' (expected: not set, " + because + ")");
        }
    }

    boolean isSet(Setting setting) {
        return lines.containsKey(setting);
    }

    /** The value of a setting, or its default; what {@code parse} throws as IllegalArgumentException tells what was expected. */
    <T> T get(Setting setting, Function<String, T> parse) throws ConfigException {
        Line line = lines.get(setting);
        String value = line == null ? setting.fallback : line.value;
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            String where = line == null ? file.toString() : file + ":" + line.number;
            throw new ConfigException(
                    where + ": " + setting.key + ": '" + value + "' (expected: " + e.getMessage() + ")");
        }
    }
}
