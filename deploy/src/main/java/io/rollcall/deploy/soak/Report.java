package io.rollcall.deploy.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What a run found: figures with units, and what was expected of them. Printed as it comes, and written as JSON. One thread. */
final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode figures = JSON.createArrayNode();
    private final ArrayNode expectations = JSON.createArrayNode();
    private boolean fine = true;

    Report(String run, boolean quick) {
        root.put("run", run)
                .put("quick", quick)
                .put("began", Instant.now().toString())
                .put("processors", Runtime.getRuntime().availableProcessors());
        root.set("figures", figures);
        root.set("expectations", expectations);
    }

    /** Tells what is going on; not part of the result. */
    void say(String text) {
        System.out.println(text);
    }

    /** Tells from time to time how far something is that takes long; safe for any thread, and no part of the result. */
    static void progress(int done, int all, String what) {
        if (done % 50 == 0 && done < all) {
            System.err.printf(
                    Locale.ROOT,
                    "  %s  %,d of %,d %s%n",
                    LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
                    done,
                    all,
                    what);
        }
    }

    /** A figure: whole numbers as they are, others with two decimals. */
    void figure(String name, Number value, String unit) {
        ObjectNode figure = figures.addObject().put("name", name).put("unit", unit);
        String number;
        if (value instanceof Double) {
            figure.put("value", value.doubleValue());
            number = String.format(Locale.ROOT, "%,.2f", value.doubleValue());
        } else {
            figure.put("value", value.longValue());
            number = String.format(Locale.ROOT, "%,d", value.longValue());
        }
        System.out.printf("  %-58s %12s %s%n", name, number, unit);
    }

    /** The figures of a number of times: how many, p50, p99, the longest. */
    void times(String name, Samples samples) {
        figure(name + ", number", samples.count(), "");
        figure(name + ", p50", samples.millis(0.5), "ms");
        figure(name + ", p99", samples.millis(0.99), "ms");
        figure(name + ", longest", samples.millis(1), "ms");
        ArrayNode values = figures.addObject()
                .put("name", name + ", each")
                .put("unit", "ms")
                .putArray("values");
        samples.millis().forEach(value -> values.add(Math.round(value * 100) / 100.0));
    }

    void expect(String what, boolean holds, Object actual) {
        expectations.addObject().put("what", what).put("holds", holds).put("actual", actual.toString());
        System.out.printf(
                "  %s: %s%n",
                holds ? "as expected" : "NOT AS EXPECTED", what + (holds ? "" : " (was: " + actual + ")"));
        fine &= holds;
    }

    boolean fine() {
        return fine;
    }

    void write(Path file) throws IOException {
        root.put("ended", Instant.now().toString()).put("fine", fine);
        Files.createDirectories(file.getParent());
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }
}
