package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;

/** A backend's health in a few words. */
final class HealthText {
    private HealthText() {}

    /** For a column of a table. */
    static String brief(JsonNode backend) {
        JsonNode health = backend.path("health");
        String condition = health.path("condition").asText("");
        String text = switch (condition) {
            case "fit" ->
                health.path("share").asInt() < 100
                        ? "fit, " + health.path("share").asInt() + " %"
                        : "fit";
            case "unfit" -> "unfit " + lasting(health.path("forMillis"));
            default -> condition;
        };
        return backend.path("absent").asBoolean() ? text + ", held" : text;
    }

    /** With all that is known. */
    static String full(JsonNode backend) {
        JsonNode health = backend.path("health");
        if (health.isMissingNode()) {
            return "";
        }
        StringBuilder text = new StringBuilder(brief(backend));
        if (!health.path("condition").asText().equals("unfit")) {
            text.append(" for ").append(lasting(health.path("forMillis")));
        }
        text.append(", ").append(health.path("probe").asText());
        if (health.path("condition").asText().equals("unfit")) {
            text.append(", ")
                    .append(health.path("source").asText())
                    .append(": ")
                    .append(health.path("error").asText());
            text.append(", ejection ").append(health.path("ejections").asInt());
            if (health.path("remainingMillis").asLong() > 0) {
                text.append(", at least ")
                        .append(lasting(health.path("remainingMillis")))
                        .append(" more");
            }
        }
        if (health.has("lastError")) {
            text.append(", after ejection ")
                    .append(health.path("ejections").asInt())
                    .append(", ")
                    .append(health.path("lastSource").asText())
                    .append(": ")
                    .append(health.path("lastError").asText());
        }
        JsonNode traffic = backend.path("traffic");
        if (!traffic.isMissingNode()) {
            text.append(String.format(
                    Locale.ROOT,
                    "; %.1f requests/s, %d %% 5xx, p50 %.1f ms, p99 %.1f ms",
                    traffic.path("perSecond").asDouble(),
                    traffic.path("5xx").asInt(),
                    traffic.path("p50Micros").asLong() / 1000.0,
                    traffic.path("p99Micros").asLong() / 1000.0));
            if (traffic.path("connectFailures").asLong() > 0) {
                text.append(", ")
                        .append(traffic.path("connectFailures").asLong())
                        .append(" failed connections since the agent started");
            }
        }
        return text.toString();
    }

    static String lasting(JsonNode millis) {
        Duration time = Duration.ofMillis(millis.asLong());
        if (time.toMinutes() >= 2) {
            return time.toMinutes() + " min";
        }
        return time.toSeconds() >= 1 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
