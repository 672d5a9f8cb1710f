package io.rollcall.bench.report;

import java.util.Locale;

/** Sections of the report in which one sees what limits a figure. */
enum Section {
    CHURN("A change every 10 ms, and servers that end"),
    REQUEST("What httpd does for one request"),
    SIDE_BY_SIDE("Side by side"),
    THROUGHPUT("Throughput"),
    CHANGE("Cost of one change"),
    JOIN_LEAVE("Join and leave"),
    AGENT("Where the agent's processor time goes"),
    STRANGERS("Ever new names that nobody has");

    private final String title;

    Section(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** To where it is in the same file, as GitHub and others name it. */
    String link() {
        String anchor =
                title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
        return "[" + title.substring(0, 1).toLowerCase(Locale.ROOT) + title.substring(1) + "](#" + anchor + ")";
    }
}
