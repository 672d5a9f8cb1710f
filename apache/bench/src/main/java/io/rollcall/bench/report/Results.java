package io.rollcall.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that was measured, by what it is a figure of. One thread writes. */
public final class Results {
    /**
     * What a figure is of.
     *
     * @param scenario as on the command line
     * @param contender its name; or a part of Rollcall, such as {@code agent}
     * @param names how many there are
     * @param changes of names per second meanwhile
     * @param metric what is measured, with its unit: {@code p99 ms}
     */
    public record Subject(String scenario, String contender, int names, int changes, String metric) {}

    private final Map<Subject, List<Double>> samples = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    public void add(Subject key, double value) {
        samples.computeIfAbsent(key, ignored -> new ArrayList<>()).add(value);
    }

    /** Something that may fail for one contender without spoiling the rest. */
    public interface Attempt {
        void run() throws Exception;
    }

    /** Tries it; if it fails the report says so. */
    public void attempt(String what, Attempt attempt) throws InterruptedException {
        try {
            attempt.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            note(what + ": " + e);
        }
    }

    /** What the reader has to know beside the figures: what could not be done, and why. */
    public void note(String text) {
        notes.add(text);
        System.out.println("  note: " + text);
    }

    public Optional<Stats> get(Subject key) {
        return Optional.ofNullable(samples.get(key)).map(Stats::of);
    }

    public Map<Subject, List<Double>> all() {
        return samples;
    }

    public List<String> notes() {
        return notes;
    }
}
