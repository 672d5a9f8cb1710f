package io.rollcall.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The command line.
 *
 * @param scenarios to run; empty for all
 * @param contenders to run beside the reference; empty for all
 * @param sizes numbers of names; empty for all
 * @param rounds how often each figure of load is taken; empty for what there is time for
 * @param seconds how long each takes; the same
 * @param minutes that all of it may take
 * @param render results to make a report of, instead of running anything
 */
record Options(
        boolean quick,
        boolean list,
        List<String> scenarios,
        List<String> contenders,
        List<Integer> sizes,
        OptionalInt rounds,
        OptionalInt seconds,
        int minutes,
        Optional<Path> out,
        Optional<Path> render) {

    /** Less than two hours, since a slow machine takes longer than was planned. */
    private static final int WHOLE_MINUTES = 100;

    static Options of(List<String> words) {
        boolean quick = words.contains("--quick");
        boolean list = false;
        List<String> scenarios = new ArrayList<>();
        List<String> contenders = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        OptionalInt rounds = quick ? OptionalInt.of(1) : OptionalInt.empty();
        OptionalInt seconds = quick ? OptionalInt.of(1) : OptionalInt.empty();
        int minutes = WHOLE_MINUTES;
        Optional<Path> out = Optional.empty();
        Optional<Path> render = Optional.empty();
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--quick" -> {}
                case "--list" -> list = true;
                case "--only" -> scenarios.add(value(words, ++i));
                case "--contender" -> contenders.add(value(words, ++i));
                case "--rounds" -> rounds = OptionalInt.of(number(words, ++i));
                case "--seconds" -> seconds = OptionalInt.of(number(words, ++i));
                case "--minutes" -> minutes = number(words, ++i);
                case "--sizes" -> sizes.addAll(sizes(value(words, ++i)));
                case "--out" -> out = Optional.of(Path.of(value(words, ++i)));
                case "--render" -> render = Optional.of(Path.of(value(words, ++i)));
                default -> throw new IllegalArgumentException(words.get(i) + " (expected: see --help)");
            }
        }
        return new Options(quick, list, scenarios, contenders, sizes, rounds, seconds, minutes, out, render);
    }

    /** Whether nothing was left out or cut short, so that the report may be the one of the tree. */
    boolean whole() {
        return !quick && scenarios.isEmpty() && contenders.isEmpty() && sizes.isEmpty() && rounds.orElse(3) >= 3;
    }

    private static List<Integer> sizes(String text) {
        if (!text.matches("\\d{2,6}(,\\d{2,6})*")) {
            throw new IllegalArgumentException("--sizes: '" + text + "' (expected: as in 10,100000, each at least 10)");
        }
        return Stream.of(text.split(",")).map(Integer::valueOf).sorted().toList();
    }

    private static String value(List<String> words, int at) {
        if (at >= words.size()) {
            throw new IllegalArgumentException(words.get(at - 1) + " (expected: a value after it)");
        }
        return words.get(at);
    }

    private static int number(List<String> words, int at) {
        String text = value(words, at);
        if (!text.matches("[1-9]\\d{0,2}")) {
            throw new IllegalArgumentException(words.get(at - 1) + ": '" + text + "' (expected: 1..999)");
        }
        return Integer.parseInt(text);
    }
}
