package io.rollcall.bench.report;

import java.util.List;
import java.util.stream.Stream;

/** Markdown that is being written. */
final class Page {
    private final StringBuilder text = new StringBuilder();

    /** A paragraph, or several. */
    void say(String words) {
        text.append(words.strip()).append("\n\n");
    }

    void plot(String title, String file) {
        say("![" + title + "](" + file + ")");
    }

    /** The head of a table; {@link #row} goes on, {@link #end} ends it. */
    void table(List<String> heads) {
        row(heads);
        text.append("|").append(" --- |".repeat(heads.size())).append('\n');
    }

    void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    void end() {
        text.append('\n');
    }

    static List<String> cells(String first, Stream<String> more) {
        return Stream.concat(Stream.of(first), more).toList();
    }

    String text() {
        return text.toString().strip() + "\n";
    }
}
