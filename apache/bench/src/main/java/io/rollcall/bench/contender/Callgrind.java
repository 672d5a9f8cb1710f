package io.rollcall.bench.contender;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The instructions of a run, as callgrind has written them down. Functions that an object file does not export have no name here, so
 * that those are asked for that every httpd exports.
 *
 * @param own of each object file, without what it calls
 * @param called of each function with all that it calls, by the object file that calls it. A function that calls itself has another
 *     name the second time ({@code f'2}), so that nothing counts twice.
 */
record Callgrind(Map<String, Long> own, Map<Call, Long> called) {
    record Call(String from, String function) {}

    private static final Pattern NAMED = Pattern.compile("(c?)(ob|fn)=\\((\\d+)\\)(?: (.*))?");
    private static final Pattern COST = Pattern.compile("[+*\\d-]\\S* (\\d+)");

    static Callgrind read(Path file) throws IOException {
        Reading reading = new Reading();
        Files.readAllLines(file, StandardCharsets.ISO_8859_1).forEach(reading::line);
        if (reading.own.isEmpty()) {
            throw new IOException("no count in " + file);
        }
        return new Callgrind(reading.own, reading.called);
    }

    long total() {
        return own.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Of this function, whoever calls it. */
    long of(String function) {
        return called.entrySet().stream()
                .filter(entry -> entry.getKey().function().equals(function))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Of what this object file calls by such names. */
    long from(String object, Pattern functions) {
        return called.entrySet().stream()
                .filter(entry -> entry.getKey().from().equals(object)
                        && functions.matcher(entry.getKey().function()).matches())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Goes through the lines: a name is written once, with a number that stands for it from then on. */
    private static final class Reading {
        private final Map<String, Long> own = new TreeMap<>();
        private final Map<Call, Long> called = new HashMap<>();
        private final Map<String, String> names = new HashMap<>();
        private String object = "";
        private String callee = "";
        private boolean call; // whether the next line has what was called, and not the function's own

        void line(String line) {
            Matcher named = NAMED.matcher(line);
            Matcher cost = COST.matcher(line);
            if (named.matches()) {
                name(named.group(1).isEmpty(), named.group(2), named.group(3), named.group(4));
            } else if (line.startsWith("calls=")) {
                call = true;
            } else if (cost.matches()) {
                long count = Long.parseLong(cost.group(1));
                if (call) {
                    called.merge(new Call(object, callee), count, Long::sum);
                } else {
                    own.merge(object, count, Long::sum);
                }
                call = false;
            }
        }

        private void name(boolean caller, String kind, String number, @Nullable String word) {
            if (word != null) {
                names.put(kind + number, word);
            }
            String name = names.getOrDefault(kind + number, "?");
            if (kind.equals("ob") && caller) {
                // libapr-1.so.0.7.2: which of them it is does not matter
                object = name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\.so[.\\d]*$", "");
            } else if (kind.equals("fn") && !caller) {
                callee = name;
            }
        }
    }
}
