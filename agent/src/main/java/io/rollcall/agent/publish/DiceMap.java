package io.rollcall.agent.publish;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The text of {@code dice.map}, which never changes: for each n the numbers 1 to n, of which httpd picks one at random. */
final class DiceMap {
    static final String TEXT = text();

    private DiceMap() {}

    private static String text() {
        StringBuilder text = new StringBuilder("# Rollcall: dice. Written by the agent; do not edit.\n");
        for (int n = 2; n <= SlotTable.MAX_DIE; n++) {
            text.append(n).append(' ');
            text.append(IntStream.rangeClosed(1, n).mapToObj(Integer::toString).collect(Collectors.joining("|")));
            text.append('\n');
        }
        return text.toString();
    }
}
