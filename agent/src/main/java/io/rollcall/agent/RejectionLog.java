package io.rollcall.agent;

import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.Standing;
import io.rollcall.registry.Excerpt;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells of each rejected node once, when it appears or its reason changes, but of so many a minute only: whoever may register
 * could fill the disk with lines otherwise. Used by one thread.
 */
final class RejectionLog {
    static final int MOST_A_MINUTE = 20;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Consumer<String> sink;
    private Set<String> told = Set.of();
    private long minute;
    private int lines;
    private long withheld;

    RejectionLog(Consumer<String> sink, long now) {
        this.sink = sink;
        this.minute = now;
    }

    /**
     * The nodes that are rejected now.
     *
     * @param now nanoseconds
     */
    void tell(List<Backend> refused, long now) {
        if (now - minute >= MINUTE) {
            tellWithheld();
            minute = now;
            lines = 0;
        }
        Set<String> current = new HashSet<>();
        for (Backend backend : refused) {
            if (backend.standing() instanceof Standing.Refused because) {
                String line = Excerpt.line(backend.path()) + ": " + because.reason();
                if (current.add(line) && !told.contains(line)) {
                    tell(line);
                }
            }
        }
        told = current;
    }

    private void tell(String line) {
        if (lines < MOST_A_MINUTE) {
            lines++;
            sink.accept("Rejected " + line);
        } else {
            withheld++;
        }
    }

    private void tellWithheld() {
        if (withheld > 0) {
            sink.accept("Rejected " + withheld
                    + " more in that minute; `rollcall status` shows those that are still there");
            withheld = 0;
        }
    }
}
