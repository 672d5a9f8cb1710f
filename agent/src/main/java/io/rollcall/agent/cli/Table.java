package io.rollcall.agent.cli;

import io.rollcall.registry.Excerpt;
import java.util.List;

/** Columns as wide as their widest cell; of what others wrote only what is printable reaches the terminal. */
final class Table {
    private Table() {}

    static String of(String[] head, List<String[]> rows) {
        int[] width = new int[head.length];
        widen(width, head);
        rows.forEach(row -> widen(width, row));
        StringBuilder text = new StringBuilder();
        line(text, width, head);
        rows.forEach(row -> line(text, width, row));
        return text.toString();
    }

    private static void widen(int[] width, String[] row) {
        for (int i = 0; i < row.length; i++) {
            width[i] = Math.max(width[i], row[i].length());
        }
    }

    private static void line(StringBuilder text, int[] width, String[] row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            line.append(Excerpt.line(row[i]));
            line.append(" ".repeat(width[i] - row[i].length() + 2));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
