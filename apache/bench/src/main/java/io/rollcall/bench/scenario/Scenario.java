package io.rollcall.bench.scenario;

import io.rollcall.bench.report.Results;

/** Something that is measured at each number of names. */
public interface Scenario {
    /** As it is called on the command line. */
    String name();

    /** What it measures, in one line. */
    String about();

    /** About how many seconds it will take. */
    double seconds(Plan plan, int size);

    void run(Arena arena, Results results, Progress progress) throws Exception;
}
