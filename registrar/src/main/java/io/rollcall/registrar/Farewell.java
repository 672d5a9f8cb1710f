package io.rollcall.registrar;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has backends drained, and leave, all at the same time. */
final class Farewell {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final long start = System.nanoTime();
    private final Duration deadline;

    private Farewell(Duration deadline) {
        this.deadline = deadline;
    }

    /** Returns when all are quiet, or at the deadline, or when the thread is interrupted, which stays set. */
    static Map<Registration, DrainResult> drain(List<Registration> all, Duration deadline) {
        Farewell farewell = new Farewell(deadline);
        List<SelfDrain> drains = all.stream().map(Registration::drain).toList();
        try {
            for (SelfDrain drain : drains) {
                drain.await(farewell.rest());
            }
            for (int i = 0; i < drains.size(); i++) {
                if (!drains.get(i).result().isQuiet()) {
                    farewell.awaitStill(all.get(i));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Map<Registration, DrainResult> results = new LinkedHashMap<>();
        for (int i = 0; i < drains.size(); i++) {
            results.put(all.get(i), drains.get(i).result());
        }
        return results;
    }

    /** For all together no longer than for the one that lingers longest. */
    static void leave(List<Registration> all, Map<Registration, DrainResult> results) {
        Map<Registration, Duration> lingers = new LinkedHashMap<>();
        for (Registration one : all) {
            DrainResult result = results.get(one);
            lingers.put(one, result == null ? one.backend().linger() : one.lingerAfter(result));
        }
        lingers.forEach(Registration::startLeaving);
        Farewell told = new Farewell(Registration.TELLING);
        Duration longest = Duration.ZERO;
        for (Registration one : all) {
            if (one.awaitTold(told.rest())) {
                Duration linger = lingers.getOrDefault(one, Duration.ZERO);
                longest = linger.compareTo(longest) > 0 ? linger : longest;
            }
        }
        for (Registration one : all) {
            one.awaitGone(told.rest().plus(longest));
        }
    }

    /** Where nobody else can tell, what the server itself counts is better than nothing. */
    private void awaitStill(Registration registration) throws InterruptedException {
        if (registration.inFlight().isEmpty()) {
            return;
        }
        InFlight inFlight = registration.inFlight().get();
        Stillness stillness = new Stillness(System::nanoTime);
        while (!stillness.isQuiet() && !rest().isZero()) {
            stillness.look(inFlight.reading());
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    private Duration rest() {
        Duration rest = deadline.minusNanos(System.nanoTime() - start);
        return rest.isNegative() ? Duration.ZERO : rest;
    }
}
