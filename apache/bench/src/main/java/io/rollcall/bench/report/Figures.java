package io.rollcall.bench.report;

import io.rollcall.bench.report.Results.Subject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Questions to the results, and numbers as people read them. */
record Figures(Results results) {
    Optional<Stats> stats(String scenario, String contender, int names, int changes, String metric) {
        return results.get(new Subject(scenario, contender, names, changes, metric));
    }

    OptionalDouble median(String scenario, String contender, int names, int changes, String metric) {
        Optional<Stats> stats = stats(scenario, contender, names, changes, metric);
        return stats.isPresent() ? OptionalDouble.of(stats.get().median()) : OptionalDouble.empty();
    }

    /** Numbers of names that this scenario has figures of. */
    List<Integer> sizes(String scenario) {
        return results.all().keySet().stream()
                .filter(key -> key.scenario().equals(scenario))
                .map(Subject::names)
                .distinct()
                .sorted()
                .toList();
    }

    /** Changes a second that there are figures of, beside none. */
    List<Integer> changes() {
        return results.all().keySet().stream()
                .map(Subject::changes)
                .filter(changes -> changes > 0)
                .distinct()
                .sorted()
                .toList();
    }

    /** The most important figure of an expectation: one divided by another; empty if either is missing. */
    static OptionalDouble ratio(OptionalDouble one, OptionalDouble other) {
        return one.isPresent() && other.isPresent() && other.getAsDouble() > 0
                ? OptionalDouble.of(one.getAsDouble() / other.getAsDouble())
                : OptionalDouble.empty();
    }

    /** How many names are asked where there are so many. */
    static String asked(int names) {
        return names <= 10 ? "1" : String.format(Locale.ROOT, "%,d", names);
    }

    /** Three digits that count. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || value == Math.rint(value) ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "–";
    }

    static String ratioText(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "–";
    }
}
