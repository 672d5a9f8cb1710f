package io.rollcall.agent.publish;

import io.rollcall.agent.view.Standing.Routable;
import io.rollcall.agent.view.Target;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The backends of one service as a table of {@code lines} equally likely lines with {@code perLine} equally likely slots each;
 * a backend's share of the slots is its share of the requests.
 *
 * @param dice what is rolled to find a line: empty for a single line, one die up to {@link #MAX_DIE} lines, else two
 * @param lines each with the same number of slots
 */
record SlotTable(List<Integer> dice, List<List<Target>> lines) {
    /** A die's own line in the dice map must stay below httpd's limit: 1..200 takes 691 bytes. */
    static final int MAX_DIE = 200;

    /** A share may miss its weight by this part of itself; half of what is promised. */
    private static final double TOLERANCE = 0.01;

    /**
     * The table with the fewest lines whose shares are within tolerance.
     *
     * @param room slots that fit into a line, at least 1
     */
    static SlotTable of(List<Routable> backends, int room) {
        if (backends.isEmpty()) {
            throw new IllegalArgumentException("no backends: an empty service has no table");
        }
        long[] weights = reduced(backends);
        long total = Arrays.stream(weights).sum();
        if (total <= room) {
            return table(List.of(), 1, (int) total, counts(weights, total, (int) total), backends);
        }
        double least = (double) Arrays.stream(weights).min().orElseThrow() / total;
        int fewestSlots = (int) Math.max(backends.size(), Math.floor(1 / (least * (1 + TOLERANCE))));
        for (int lines = Math.max(1, fewestSlots / room); lines <= MAX_DIE; lines++) {
            int perLine = fitting(weights, total, lines, room);
            if (perLine > 0) {
                List<Integer> dice = lines == 1 ? List.of() : List.of(lines);
                return table(dice, lines, perLine, counts(weights, total, lines * perLine), backends);
            }
        }
        return withTwoDice(weights, total, fewestSlots, room, backends);
    }

    private static SlotTable withTwoDice(
            long[] weights, long total, int fewestSlots, int room, List<Routable> backends) {
        for (int second = 2; second <= MAX_DIE; second++) {
            for (int first = MAX_DIE / 2; first <= MAX_DIE; first++) {
                int lines = first * second;
                int perLine = (long) lines * room < fewestSlots ? 0 : fitting(weights, total, lines, room);
                if (perLine > 0) {
                    int[] counts = counts(weights, total, lines * perLine);
                    return table(List.of(first, second), lines, perLine, counts, backends);
                }
            }
        }
        // More backends than slots: 40,000 lines. Each gets its turn as far as there is room.
        int lines = MAX_DIE * MAX_DIE;
        return table(List.of(MAX_DIE, MAX_DIE), lines, room, counts(weights, total, lines * room), backends);
    }

    /** The most slots per line, up to {@code room}, that keep every share within tolerance; 0 if none does. */
    private static int fitting(long[] weights, long total, int lines, int room) {
        for (int perLine = room; perLine >= 1; perLine--) {
            int slots = lines * perLine;
            if (possible(weights, total, slots) && close(weights, total, counts(weights, total, slots), slots)) {
                return perLine;
            }
        }
        return 0;
    }

    /** Rejects most sizes before anything is shared out: some backend's slots, rounded down or up, miss its share. */
    private static boolean possible(long[] weights, long total, int slots) {
        for (long weight : weights) {
            double exact = (double) weight * slots / total;
            if (Math.min(exact - Math.floor(exact), Math.ceil(exact) - exact) > TOLERANCE * exact) {
                return false;
            }
        }
        return true;
    }

    private static boolean close(long[] weights, long total, int[] counts, int slots) {
        for (int i = 0; i < weights.length; i++) {
            double exact = (double) weights[i] * slots / total;
            if (Math.abs(counts[i] - exact) > TOLERANCE * exact) {
                return false;
            }
        }
        return true;
    }

    /** Largest remainder: everyone gets the whole part, what is left goes to those who lost most. */
    private static int[] counts(long[] weights, long total, int slots) {
        int[] counts = new int[weights.length];
        int left = slots;
        for (int i = 0; i < weights.length; i++) {
            counts[i] = (int) (weights[i] * slots / total);
            left -= counts[i];
        }
        if (left > 0) {
            Integer[] order = new Integer[weights.length];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, Comparator.comparingLong(i -> -(weights[i] * slots % total)));
            for (int i = 0; i < left; i++) {
                counts[order[i]]++;
            }
        }
        return counts;
    }

    private static SlotTable table(List<Integer> dice, int lines, int perLine, int[] counts, List<Routable> backends) {
        List<Target> slots = new ArrayList<>(lines * perLine);
        for (int i = 0; i < counts.length; i++) {
            for (int n = 0; n < counts[i]; n++) {
                slots.add(backends.get(i).target());
            }
        }
        List<List<Target>> rows = new ArrayList<>(lines);
        for (int line = 0; line < lines; line++) {
            rows.add(List.copyOf(slots.subList(line * perLine, (line + 1) * perLine)));
        }
        return new SlotTable(dice, List.copyOf(rows));
    }

    private static long[] reduced(List<Routable> backends) {
        BigInteger divisor = BigInteger.ZERO;
        for (Routable backend : backends) {
            divisor = divisor.gcd(BigInteger.valueOf(backend.weight()));
        }
        long by = divisor.longValueExact();
        return backends.stream().mapToLong(backend -> backend.weight() / by).toArray();
    }
}
