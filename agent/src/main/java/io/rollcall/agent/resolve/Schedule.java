package io.rollcall.agent.resolve;

import java.util.Arrays;

/**
 * The order in which a service's backends take turns, for one whole cycle.
 *
 * <p>Worked out once per change of the service, so that a lookup is one array read however many backends there are. In a cycle
 * each backend appears exactly as often as its weight says, and its turns are spread evenly: turn {@code k} of backend
 * {@code i} out of {@code n} stands at {@code (k + (i + 1/2) / n) / weight}. The part that depends on {@code i} keeps backends
 * of one weight from standing at one place, where the heaviest would bunch.
 */
final class Schedule {
    private Schedule() {}

    /** Returns indexes into {@code weights}, which are at least 1 each. */
    static int[] of(int[] weights) {
        int[] reduced = reduced(weights);
        int length = 0;
        for (int weight : reduced) {
            length += weight;
        }
        long[] turns = new long[length];
        int count = 0;
        int backends = reduced.length;
        for (int i = 0; i < backends; i++) {
            double phase = (i + 0.5) / backends;
            for (int k = 0; k < reduced[i]; k++) {
                long place = (long) ((k + phase) / reduced[i] * Integer.MAX_VALUE);
                turns[count++] = place << 32 | i;
            }
        }
        Arrays.sort(turns);
        int[] order = new int[length];
        for (int turn = 0; turn < length; turn++) {
            order[turn] = (int) turns[turn];
        }
        return order;
    }

    /** The smallest weights with the same proportions: shorter cycles are smoother and cost less. */
    private static int[] reduced(int[] weights) {
        int common = 0;
        for (int weight : weights) {
            common = gcd(common, weight);
        }
        int[] reduced = weights.clone();
        for (int i = 0; i < reduced.length; i++) {
            reduced[i] /= common;
        }
        return reduced;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
