package io.rollcall.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line.
 *
 * @param scenarios to run; empty for all
 * @param contenders to run beside the reference; empty for all
 * @param rounds how often each figure of load is taken
 * @param seconds how long each takes
 * @param render results to make a report of, instead of running anything
 */
record Options(
        boolean quick,
        boolean list,
        List<String> scenarios,
        List<String> contenders,
        int rounds,
        int seconds,
        Optional<Path> out,
        Optional<Path> render) {

    static Options of(List<String> words) {
        boolean quick = words.contains("--quick");
        boolean list = false;
        List<String> scenarios = new ArrayList<>();
        List<String> contenders = new ArrayList<>();
        int rounds = quick ? 1 : 5;
        int seconds = quick ? 1 : 3;
        Optional<Path> out = Optional.empty();
        Optional<Path> render = Optional.empty();
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--quick" -> {}
                case "--list" -> list = true;
                case "--only" -> scenarios.add(value(words, ++i));
                case "--contender" -> contenders.add(value(words, ++i));
                case "--rounds" -> rounds = number(words, ++i);
                case "--seconds" -> seconds = number(words, ++i);
                case "--out" -> out = Optional.of(Path.of(value(words, ++i)));
                case "--render" -> render = Optional.of(Path.of(value(words, ++i)));
                default -> throw new IllegalArgumentException(words.get(i) + " (expected: see --help)");
            }
        }
        return new Options(quick, list, scenarios, contenders, rounds, seconds, out, render);
    }

    /** Whether nothing was left out, so that the report may be the one of the tree. */
    boolean whole() {
        return !quick && scenarios.isEmpty() && contenders.isEmpty();
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
