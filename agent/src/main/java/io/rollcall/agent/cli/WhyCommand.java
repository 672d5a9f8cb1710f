package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells for one name where its requests go, and why nowhere else. */
@Command(
        name = "why",
        description = "Tells for one name which backends get requests, which do not, and the reason for each.",
        footer = "Exit status: 0 if some backend gets requests, 1 if none does, 3 if no agent answers.",
        mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<Integer> {
    @Mixin
    private SocketOption agent = new SocketOption();

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Parameters(paramLabel = "HOST", description = "Host name or service, in any case, with or without a port.")
    private String host = "";

    @Override
    public Integer call() {
        Optional<JsonNode> found = agent.ask("why", client -> client.why(host));
        if (found.isEmpty()) {
            return Exit.UNREACHABLE;
        }
        JsonNode answer = found.get();
        if (!answer.path("ok").asBoolean()) {
            System.err.println("rollcall why: " + answer.path("error").asText());
            return Exit.USAGE;
        }
        System.out.print(json ? answer.toPrettyString() + "\n" : text(answer));
        return answer.path("routable").asInt() > 0 ? Exit.DONE : Exit.NO;
    }

    private static String text(JsonNode answer) {
        String name = answer.path("name").asText();
        JsonNode backends = answer.path("backends");
        if (!answer.path("known").asBoolean()) {
            return name + ": not known, httpd answers 404" + similar(answer) + "\n" + table(backends);
        }
        String host = answer.path("answersToHost").asBoolean()
                ? ""
                : "; does not match publish.names: only a vhost that names this service routes to it";
        int routable = answer.path("routable").asInt();
        String verdict = routable == 0
                ? "no backend gets requests, httpd answers 503"
                : routable + (routable == 1 ? " address gets" : " addresses get") + " requests";
        String orders = StatusText.ordersTable(answer.path("orders"));
        String problem = answer.path("published").asBoolean() ? "" : "problem  " + StatusText.NOT_PUBLISHED + "\n";
        return name + ": " + verdict + host + "\n" + problem + table(backends) + orders;
    }

    private static String similar(JsonNode answer) {
        List<String> names = new ArrayList<>();
        answer.path("similar").forEach(other -> names.add(other.asText()));
        return names.isEmpty() ? "" : " (similar names: " + String.join(", ", names) + ")";
    }

    private static String where(JsonNode backend) {
        String despite = backend.path("health").path("despite").asText("");
        return backend.path("target").asText() + (despite.isEmpty() ? "" : " (" + despite + ")");
    }

    private static String table(JsonNode backends) {
        if (backends.isEmpty()) {
            return "";
        }
        List<String[]> rows = new ArrayList<>();
        for (JsonNode backend : backends) {
            boolean routable = backend.path("routable").asBoolean();
            rows.add(new String[] {
                routable ? "yes" : "no",
                backend.path("id").asText(),
                routable ? where(backend) : backend.path("reason").asText(),
                HealthText.full(backend),
                backend.path("path").asText()
            });
        }
        return Table.of(new String[] {"REQUESTS", "BACKEND", "WHERE / WHY NOT", "HEALTH", "ZNODE"}, rows);
    }
}
