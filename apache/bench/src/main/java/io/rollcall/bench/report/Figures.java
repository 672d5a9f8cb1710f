package io.rollcall.bench.report;

import io.rollcall.bench.report.Results.Subject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/** Questions to the results, and numbers as people read them. */
record Figures(Results results) {
    Optional<Stats> stats(String scenario, String contender, int names, int changes, String metric) {
        return results.get(new Subject(scenario, contender, names, changes, metric));
    }

    OptionalDouble median(String scenario, String contender, int names, int changes, String metric) {
        return median(stats(scenario, contender, names, changes, metric));
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

    /** What there are figures of that begins so, in the order in which they were taken. */
    List<String> metrics(String scenario, String begin) {
        return results.all().keySet().stream()
                .filter(key -> key.scenario().equals(scenario) && key.metric().startsWith(begin))
                .map(Subject::metric)
                .distinct()
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

    /** Of all whose contender begins so; of all numbers of changes if it is -1. Empty if there is none. */
    OptionalDouble sum(String scenario, String contender, int changes, Set<String> metrics) {
        List<Double> found = results.all().entrySet().stream()
                .filter(entry -> entry.getKey().scenario().equals(scenario)
                        && entry.getKey().contender().startsWith(contender)
                        && (changes < 0 || entry.getKey().changes() == changes)
                        && metrics.contains(entry.getKey().metric()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        return found.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Stats.of(found).sum());
    }

    /** The ratios of two figures that were taken one soon after the other in each round. */
    Optional<Stats> byRound(Subject one, Subject other) {
        List<Double> above = results.all().getOrDefault(one, List.of());
        List<Double> below = results.all().getOrDefault(other, List.of());
        if (above.isEmpty() || above.size() != below.size()) {
            return Optional.empty(); // a round is missing, so that they do not belong together
        }
        List<Double> ratios = IntStream.range(0, above.size())
                .mapToObj(i -> above.get(i) / below.get(i))
                .toList();
        return Optional.of(Stats.of(ratios));
    }

    static OptionalDouble median(Optional<Stats> stats) {
        return stats.isPresent() ? OptionalDouble.of(stats.get().median()) : OptionalDouble.empty();
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

    /** The median, and where it is one of several the least and the most: {@code 5 (4–7)}. */
    static String spread(Stats stats) {
        String median = number(stats.median());
        return stats.values().size() == 1
                ? median
                : "%s (%s–%s)".formatted(median, number(stats.least()), number(stats.most()));
    }

    static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "–";
    }

    /** The median, and where there are four rounds or more the middle half of them: {@code 0.90, 0.86–0.95}. */
    static String ratioText(Optional<Stats> ratios) {
        return ratios.isPresent() && ratios.get().values().size() >= 4
                ? String.format(
                        Locale.ROOT,
                        "%.2f, %.2f–%.2f",
                        ratios.get().median(),
                        ratios.get().quantile(0.25),
                        ratios.get().quantile(0.75))
                : ratioText(median(ratios));
    }

    static String ratioText(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "–";
    }
}
