package io.rollcall.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The JSON of an order. Only {@code action} is needed, so that one can be written by hand in zkCli. */
public final class OrderCodec {
    public static final int MAX_BYTES = 64 * 1024;

    private OrderCodec() {}

    public static byte[] encode(Order order) {
        ObjectNode json = Json.object();
        json.put("action", order.action().word());
        json.put("incarnation", order.incarnation());
        json.put("target", order.target());
        ArrayNode to = json.putArray("to");
        order.to()
                .forEach(successor ->
                        to.addObject().put("id", successor.id()).put("incarnation", successor.incarnation()));
        json.put("by", order.by());
        json.put("at", order.at());
        json.put("deadlineSeconds", order.deadline().toSeconds());
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    public static Order decode(byte[] data) throws MalformedNodeException {
        JsonNode json = Json.parse(data, MAX_BYTES);
        String word = Json.text(json, "action", "");
        Order.Action action = Order.Action.of(word)
                .orElseThrow(() ->
                        new MalformedNodeException("action: '" + Excerpt.of(word) + "' (expected: drain or prepare)"));
        try {
            return new Order(
                    action,
                    Json.text(json, "incarnation", ""),
                    Json.text(json, "target", ""),
                    successors(json.path("to")),
                    Json.text(json, "by", ""),
                    Json.text(json, "at", ""),
                    Duration.ofSeconds(Json.number(json, "deadlineSeconds", (int) Order.DEFAULT_DEADLINE.toSeconds())));
        } catch (IllegalArgumentException e) {
            throw new MalformedNodeException(Excerpt.of(String.valueOf(e.getMessage())));
        }
    }

    private static List<Order.Successor> successors(JsonNode to) throws MalformedNodeException {
        List<Order.Successor> successors = new ArrayList<>();
        if (to.isMissingNode() || to.isNull()) {
            return successors;
        }
        if (!to.isArray()) {
            throw new MalformedNodeException(
                    "to: " + Excerpt.of(to.toString()) + " (expected: an array of {\"id\":...})");
        }
        for (JsonNode each : to) {
            successors.add(new Order.Successor(Json.text(each, "id", ""), Json.text(each, "incarnation", "")));
        }
        return successors;
    }
}
