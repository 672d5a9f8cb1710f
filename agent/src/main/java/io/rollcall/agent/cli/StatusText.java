package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.registry.Excerpt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The agent's status for people. */
final class StatusText {
    private static final String[] HEAD = {
        "SERVICE", "BACKEND", "ADDRESS", "STATE", "WEIGHT", "VERSION", "ZONE", "HEALTH", "REQUESTS"
    };

    private static final String[] ORDERS_HEAD = {"ORDER", "SERVICE", "BACKEND", "BY", "STAGE", "EVIDENCE", "DETAIL"};

    /** Where the maps that were found may be younger than the snapshot. */
    static final String NOT_PUBLISHED =
            "not published: the maps were not made of this snapshot and stay, whatever health finds, until ZooKeeper answers";

    private StatusText() {}

    static String of(JsonNode status) {
        StringBuilder text = new StringBuilder();
        JsonNode zookeeper = status.path("zookeeper");
        text.append("zookeeper  ")
                .append(zookeeper.path("state").asText())
                .append(" since ")
                .append(zookeeper.path("since").asText())
                .append("  ")
                .append(zookeeper.path("connect").asText())
                .append('\n');
        problem(text, zookeeper);
        JsonNode agent = status.path("agent");
        text.append("agent      ")
                .append(
                        agent.path("id").asText().isEmpty()
                                ? "-"
                                : agent.path("id").asText())
                .append('\n');
        problem(text, agent);
        text.append("view       ").append(source(status.path("view").asText())).append('\n');
        JsonNode maps = status.path("maps");
        if (status.path("view").asText().equals("snapshot")
                && !maps.path("made").asBoolean()) {
            text.append("  problem  ").append(NOT_PUBLISHED).append('\n');
        }
        text.append("maps       ")
                .append(maps.path("dir").asText())
                .append(", changed ")
                .append(ago(maps.path("changedMillisAgo")))
                .append(", checked ")
                .append(ago(maps.path("ageMillis")))
                .append(", ")
                .append(maps.path("publications").asLong())
                .append(" publications\n");
        problem(text, maps);
        JsonNode logs = status.path("requestLogs");
        if (!logs.isMissingNode()) {
            text.append("requests   ")
                    .append(logs.path("open").asLong())
                    .append(" open, by ")
                    .append(logs.path("files").size())
                    .append(" logs, ")
                    .append(logs.path("linesPerSecond").asLong())
                    .append(" lines/s\n");
            problem(text, logs);
        }
        text.append("workers    ").append(workers(status.path("workers"))).append('\n');
        health(text, status.path("health"));
        List<String[]> rows = rows(status.path("services"));
        text.append('\n').append(rows.isEmpty() ? "No service is known yet.\n" : Table.of(HEAD, rows));
        long more = status.path("moreServices").asLong();
        text.append(more == 0 ? "" : "and " + more + " services more: rollcall why NAME\n");
        text.append(ordersTable(status.path("orders")));
        JsonNode rejected = status.path("rejected");
        if (!rejected.isEmpty()) {
            text.append("\nrejected   ").append(rejected.size()).append('\n');
            rejected.forEach(node -> text.append("  ")
                    .append(Excerpt.line(node.path("path").asText()))
                    .append(": ")
                    .append(node.path("reason").asText())
                    .append('\n'));
        }
        return text.toString();
    }

    /** The share of requests for which httpd keeps connections; each of the others had a new one. */
    private static String workers(JsonNode workers) {
        long declared = workers.path("declared").asLong();
        if (!workers.path("followed").asBoolean()) {
            return declared + " declared; the share of requests on them is unknown: needs httpd.logs";
        }
        String read = workers.has("read")
                ? "httpd has read " + workers.path("read").asLong() + " of " + declared
                : declared + " declared";
        if (!workers.has("share")) {
            return "no requests lately; " + read;
        }
        long on = percent(workers.path("share"));
        long unknown = 100 - on - percent(workers.path("shareOfOthers"));
        return unknown >= 100
                ? "unknown until httpd reloads: what it has read is older than what this agent knows of; " + read
                : on + " % of requests on declared workers" + (unknown > 0 ? ", " + unknown + " % unknown" : "") + "; "
                        + read;
    }

    private static long percent(JsonNode share) {
        return Math.round(100 * share.asDouble());
    }

    private static List<String[]> rows(JsonNode services) {
        List<String[]> rows = new ArrayList<>();
        for (JsonNode service : services) {
            String name = service.path("name").asText();
            if (service.path("known").asBoolean() && service.path("backends").isEmpty()) {
                rows.add(new String[] {name, "-", "", "gone", "", "", "", "", "503"});
            }
            for (JsonNode backend : service.path("backends")) {
                rows.add(new String[] {
                    name,
                    backend.path("id").asText(),
                    backend.has("address")
                            ? backend.path("address").asText() + ":"
                                    + backend.path("port").asText()
                            : "",
                    backend.path("state").asText("?"),
                    backend.path("weight").asText(),
                    backend.path("version").asText(),
                    backend.path("zone").asText(),
                    HealthText.brief(backend),
                    backend.path("routable").asBoolean()
                            ? yes(backend)
                            : "no: " + backend.path("reason").asText()
                });
            }
        }
        return rows;
    }

    /** Orders and how far this agent is with each; nothing if there is none. */
    static String ordersTable(JsonNode orders) {
        return orders.isEmpty() ? "" : "\n" + Table.of(ORDERS_HEAD, orders(orders));
    }

    private static List<String[]> orders(JsonNode orders) {
        List<String[]> rows = new ArrayList<>();
        for (JsonNode order : orders) {
            rows.add(new String[] {
                order.path("action").asText(),
                order.path("service").asText(),
                Excerpt.of(order.path("backend").asText()),
                Excerpt.of(order.path("by").asText()),
                order.path("stage").asText(),
                order.path("evidence").asText(),
                Excerpt.line(order.path("detail").asText())
            });
        }
        return rows;
    }

    /** A backend that gets requests although something speaks against it is not simply well. */
    private static String yes(JsonNode backend) {
        String despite = backend.path("health").path("despite").asText("");
        return despite.isEmpty() ? "yes" : "yes: " + despite;
    }

    private static void health(StringBuilder text, JsonNode health) {
        if (!health.path("probing").asBoolean()) {
            text.append("health     not probed (probe.interval = off)\n");
            return;
        }
        text.append("health     ")
                .append(health.path("followed").asLong())
                .append(" backends followed, ")
                .append(health.path("probes").asLong())
                .append(" probes\n");
        if (health.path("held").asBoolean()) {
            text.append(
                    "  held     nearly all backends fell silent at once: it may be this host, so silence is not believed\n");
        }
        if (health.path("absentees").asLong() > 0) {
            text.append("  held     ")
                    .append(health.path("absentees").asLong())
                    .append(" gone from the registry without having left; they stay while their probes pass\n");
        }
        problem(text, health);
    }

    private static void problem(StringBuilder text, JsonNode part) {
        String problem = part.path("problem").asText("");
        if (!problem.isEmpty()) {
            text.append("  problem  ").append(Excerpt.line(problem)).append('\n');
        }
    }

    private static String source(String source) {
        return switch (source) {
            case "registry" -> "from the registry";
            case "snapshot" -> "from the snapshot on disk: ZooKeeper has not answered since the agent started";
            default -> "none yet: ZooKeeper has not answered, and there is no snapshot";
        };
    }

    private static String ago(JsonNode millis) {
        if (!millis.isNumber()) {
            return "never";
        }
        Duration age = Duration.ofMillis(millis.asLong());
        if (age.toSeconds() < 1) {
            return age.toMillis() + " ms ago";
        }
        return age.toMinutes() < 2 ? age.toSeconds() + " s ago" : age.toMinutes() + " min ago";
    }
}
