package io.rollcall.bench.scenario;

import io.rollcall.bench.contender.Contender;
import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param sizes numbers of names; in the least only one is asked
 * @param changes of names per second, beside none
 * @param rounds how often each figure of load is taken
 * @param load how long each takes
 * @param pairs how often each figure is taken that an expectation rests on
 * @param joins how many joins and leaves Rollcall is timed for; the others a tenth of it, or less
 * @param starts how often agent and resolver are started
 */
public record Plan(
        List<Contender> contenders,
        List<Integer> sizes,
        List<Integer> changes,
        int rounds,
        Duration load,
        int pairs,
        int joins,
        int starts,
        boolean quick) {

    /** Requests a second at which latency is taken: half of what the slowest of the fair ways can do on two cores. */
    public static final double STEADY_RATE = 1000;

    public Plan {
        contenders = List.copyOf(contenders);
        sizes = List.copyOf(sizes);
        changes = List.copyOf(changes);
    }

    private static final List<Integer> SIZES = List.of(10, 1_000, 10_000, 100_000);

    public static Plan full(List<Contender> contenders, List<Integer> sizes, int rounds, Duration load) {
        return new Plan(
                contenders, sizes.isEmpty() ? SIZES : sizes, List.of(1, 10, 100), rounds, load, 16, 150, 3, false);
    }

    public static Plan quick(List<Contender> contenders, List<Integer> sizes, int rounds, Duration load) {
        return new Plan(
                contenders,
                sizes.isEmpty() ? List.of(10, 1_000, 100_000) : sizes,
                List.of(10),
                rounds,
                load,
                Math.max(3, rounds),
                30,
                1,
                true);
    }
}
