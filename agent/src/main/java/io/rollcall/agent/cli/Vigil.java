package io.rollcall.agent.cli;

import io.rollcall.drain.Drain;
import io.rollcall.drain.Hold;
import io.rollcall.drain.Progress;
import io.rollcall.drain.Verdict;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Order;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Waits for orders, says what it waits for, and in the end how it went. */
final class Vigil {
    /** A count that flickers does not flood the terminal. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Duration SAY_AGAIN = Duration.ofSeconds(5);
    private static final int HOLDS_SHOWN = 8;

    private final Say say;
    private final WaitOption options;
    private final String service;
    private final long start = System.nanoTime();
    private final Map<String, String> said = new HashMap<>();
    private long lastSaid = start;

    Vigil(Say say, WaitOption options, String service) {
        this.say = say;
        this.options = options;
        this.service = service;
    }

    /** Returns the exit status. */
    int over(String action, List<Drain> drains) throws InterruptedException {
        drains.stream().filter(Drain::adopted).forEach(this::tellAdopted);
        AtomicBoolean done = new AtomicBoolean();
        Thread farewell = new Thread(() -> interrupted(done), "rollcall-interrupted");
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            watch(drains);
        } finally {
            done.set(true);
            removeHook(farewell);
        }
        DrainReport report = new DrainReport(action, drains, seconds(), options.noWait());
        say.result(report.json(), report.text());
        if (report.exit() != Exit.DONE) {
            report.advice().forEach(line -> say.err(say.command().qualifiedName() + ": " + line));
        }
        return report.exit();
    }

    private void watch(List<Drain> drains) throws InterruptedException {
        while (true) {
            List<Drain> open = drains.stream().filter(this::isOpen).toList();
            long rest = options.timeout().toNanos() - (System.nanoTime() - start);
            if (open.isEmpty() || rest <= 0) {
                return;
            }
            tellProgress(open);
            Duration look = Duration.ofNanos(Math.min(rest, LOOK.toNanos()));
            if (options.noWait()) {
                Thread.sleep(Math.min(look.toMillis(), 5)); // not over yet, but perhaps ordered
            } else {
                open.get(0).await(look);
            }
        }
    }

    /** Without waiting it is enough that the order to drain is there. */
    private boolean isOpen(Drain drain) {
        Progress now = drain.progress();
        boolean ordered = now.order()
                .filter(order -> order.action() == Order.Action.DRAIN)
                .isPresent();
        return !now.verdict().isFinal() && !(options.noWait() && ordered);
    }

    private void tellAdopted(Drain drain) {
        say.err(Excerpt.line(drain.backend() + ": the order stands already, given by "
                + drain.order().by() + " at " + drain.order().at() + "; waiting for it"));
    }

    private void tellProgress(List<Drain> open) {
        boolean again = System.nanoTime() - lastSaid >= SAY_AGAIN.toNanos();
        for (Drain drain : open) {
            String line = line(drain.progress());
            if (!line.isEmpty() && (again || !line.equals(said.put(drain.backend(), line)))) {
                say.err(line);
                lastSaid = System.nanoTime();
            }
        }
    }

    private static String line(Progress now) {
        if (!(now.verdict() instanceof Verdict.Waiting waiting)
                || waiting.holds().isEmpty()) {
            return "";
        }
        List<Hold> holds = waiting.holds();
        String more = holds.size() > HOLDS_SHOWN ? "; and " + (holds.size() - HOLDS_SHOWN) + " more" : "";
        String text = holds.stream().limit(HOLDS_SHOWN).map(Hold::text).collect(Collectors.joining("; "));
        return Excerpt.line(now.backend() + ": waiting: " + text + more);
    }

    private void interrupted(AtomicBoolean done) {
        if (!done.get()) {
            say.err(say.command().qualifiedName() + ": interrupted; what was ordered stands: `rollcall drains "
                    + service + "` shows it, `rollcall cancel " + service
                    + "` takes it back, the same command again goes on waiting");
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process ends at this moment
        }
    }

    private double seconds() {
        return Math.round((System.nanoTime() - start) / 1e6) / 1e3;
    }
}
