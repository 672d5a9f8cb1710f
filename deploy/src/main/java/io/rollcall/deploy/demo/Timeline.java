package io.rollcall.deploy.demo;

import java.util.ArrayList;
import java.util.List;

/** Prints what happens with the time since the start, and remembers what went wrong. One thread. */
@SuppressWarnings("AnnotateFormatMethod") // not worth a library of annotations
final class Timeline {
    private final long begin = System.nanoTime();
    private final List<String> faults = new ArrayList<>();

    void say(String format, Object... values) {
        System.out.printf("%6.1f s  %s%n", (System.nanoTime() - begin) / 1e9, String.format(format, values));
    }

    /** Something that has to be so. */
    boolean expect(boolean holds, String format, Object... values) {
        if (!holds) {
            String fault = String.format(format, values);
            say("FAILED: %s", fault);
            faults.add(fault);
        }
        return holds;
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    static String millis(long nanos) {
        return Math.round(nanos / 1e6) + " ms";
    }
}
