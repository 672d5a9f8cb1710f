package io.rollcall.agent.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.agent.journal.Journal;
import io.rollcall.agent.view.HostNames;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing;
import java.time.Instant;
import java.util.Optional;

/** What can be asked of a running agent. An answer has {@code ok}, and {@code error} where that is false. */
public final class Commands {
    /** The agent, as far as commands need it. */
    public interface Target {
        AgentStatus status();

        Journal journal();

        /** Tells whether the name was known and without backends, and is now forgotten. */
        boolean forget(String name) throws InterruptedException;
    }

    /** Events in one answer, which is made in memory. */
    private static final int MOST_EVENTS = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Target agent;

    public Commands(Target agent) {
        this.agent = agent;
    }

    JsonNode answer(JsonNode question) throws InterruptedException {
        String command = question.path("command").asText("");
        return switch (command) {
            case "status" -> ok(Reports.status(agent.status(), Instant.now()));
            case "why" -> why(question.path("name").asText(""));
            case "forget" -> forget(question.path("name").asText(""));
            case "events" -> events(question);
            default -> error("command: '" + command + "' (expected: status, why, forget or events)");
        };
    }

    static ObjectNode error(String message) {
        return JSON.createObjectNode().put("ok", false).put("error", message);
    }

    private static ObjectNode ok(ObjectNode answer) {
        return answer.put("ok", true);
    }

    private JsonNode why(String text) {
        Optional<String> name = HostNames.normal(withoutPort(text));
        if (name.isEmpty()) {
            return error("name: '" + text + "' (expected: a host name)");
        }
        AgentStatus status = agent.status();
        Optional<Service> service = status.view().service(name.get());
        ObjectNode answer = service.map(found -> Reports.service(found, status))
                .orElseGet(() -> Reports.unknown(name.get(), status.view()));
        answer.set("orders", Reports.orders(status, name.get()));
        return ok(answer);
    }

    private JsonNode events(JsonNode question) {
        String text = question.path("name").asText("");
        Optional<String> name = HostNames.normal(text);
        if (!text.isEmpty() && name.isEmpty()) {
            return error("name: '" + text + "' (expected: a host name)");
        }
        long after = question.path("after").asLong();
        int asked = Math.max(0, question.path("most").asInt());
        Journal.Answer found = agent.journal().last(name, after, Math.min(asked, MOST_EVENTS));
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode events = answer.putArray("events");
        for (Journal.Numbered each : found.events()) {
            events.addObject()
                    .put("number", each.number())
                    .put("at", each.event().at().toString())
                    .put("service", each.event().service())
                    .put("backend", each.event().backend())
                    .put("what", each.event().what())
                    .put("why", each.event().why());
        }
        long left = Math.min(found.left(), Math.max(0, asked - MOST_EVENTS));
        return ok(answer.put("left", left).put("last", found.last()));
    }

    private JsonNode forget(String text) throws InterruptedException {
        Optional<String> name = HostNames.normal(text);
        if (name.isEmpty()) {
            return error("name: '" + text + "' (expected: a host name)");
        }
        if (agent.forget(name.get())) {
            return ok(JSON.createObjectNode().put("forgot", name.get()));
        }
        boolean present = agent.status().view().service(name.get()).stream()
                .flatMap(service -> service.backends().stream())
                .anyMatch(backend -> !(backend.standing() instanceof Standing.Refused));
        return error(
                present
                        ? name.get()
                                + ": still has backends in the registry (expected: a name whose last backend is gone)"
                        : name.get() + ": not a known name");
    }

    private static String withoutPort(String text) {
        return text.replaceFirst(":\\d{1,5}$", "");
    }
}
