package io.rollcall.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON of a backend's znode: Curator x-discovery's {@code ServiceInstance}, so that its clients share the tree, with our own
 * fields in a top-level object {@code rollcall} that they ignore. {@code payload} is null because Curator's readers cast it to a
 * class of theirs and fail on the whole service otherwise. Reading never instantiates a class that the data names.
 */
public final class InstanceCodec {
    /** Bytes; a backend's data is a few hundred, and what is larger is not meant for us. */
    public static final int MAX_BYTES = 4096;

    private InstanceCodec() {}

    /** What the node {@code nodeName} says; never more than {@link #MAX_BYTES}, or it throws {@link IllegalArgumentException}. */
    public static byte[] encode(Instance instance, String nodeName) {
        ObjectNode json = Json.object();
        json.put("name", instance.service());
        json.put("id", nodeName);
        json.put("address", instance.address());
        json.put("port", instance.port());
        json.putNull("sslPort");
        json.putNull("payload");
        json.put("registrationTimeUTC", instance.registeredAt());
        json.put("serviceType", "DYNAMIC");
        json.putNull("uriSpec");
        json.put("enabled", instance.state() == State.UP);
        ObjectNode own = json.putObject("rollcall");
        own.put("id", instance.id());
        own.put("incarnation", instance.incarnation());
        own.put("state", instance.state().word());
        own.put("weight", instance.weight());
        own.put("version", instance.version());
        own.put("zone", instance.zone());
        own.put("scheme", instance.scheme());
        if (!instance.probe().isEmpty()) {
            own.put("probe", instance.probe());
        }
        ObjectNode metadata = own.putObject("metadata");
        instance.metadata().forEach(metadata::put);
        byte[] data = json.toString().getBytes(StandardCharsets.UTF_8);
        if (data.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "metadata: makes the znode " + data.length + " bytes long (expected: at most " + MAX_BYTES + ")");
        }
        return data;
    }

    /**
     * Reads the node {@code nodeName} under {@code service}. Path beats data: service and id are the path's. Fields that are
     * unknown are ignored; in nodes without {@code rollcall} the state follows {@code enabled} and Spring's
     * {@code instance_status}.
     */
    public static Instance decode(String service, String nodeName, byte[] data) throws MalformedNodeException {
        JsonNode json = Json.parse(data, MAX_BYTES);
        JsonNode own = json.path("rollcall");
        if (!own.isMissingNode() && !own.isObject()) {
            throw new MalformedNodeException("rollcall: " + Excerpt.of(own.toString()) + " (expected: an object)");
        }
        try {
            return new Instance(
                    service,
                    Paths.idOf(nodeName),
                    Json.text(json, "address", ""),
                    Json.number(json, "port", 0),
                    Json.text(own, "scheme", Instance.HTTP),
                    Json.text(own, "probe", ""),
                    state(json, own),
                    Json.number(own, "weight", Instance.DEFAULT_WEIGHT),
                    Json.text(own, "incarnation", ""),
                    Json.text(own, "version", ""),
                    Json.text(own, "zone", ""),
                    json.path("registrationTimeUTC").asLong(0),
                    metadata(own.path("metadata")));
        } catch (IllegalArgumentException e) {
            throw new MalformedNodeException(Excerpt.of(String.valueOf(e.getMessage())));
        }
    }

    private static State state(JsonNode json, JsonNode own) throws MalformedNodeException {
        if (own.isObject() && own.has("state")) {
            String word = Json.text(own, "state", "");
            return State.of(word)
                    .orElseThrow(() -> new MalformedNodeException(
                            "rollcall.state: '" + Excerpt.of(word) + "' (expected: one of " + State.words() + ")"));
        }
        boolean enabled = json.path("enabled").asBoolean(true);
        String spring =
                json.path("payload").path("metadata").path("instance_status").asText("UP");
        return enabled && spring.equals("UP") ? State.UP : State.DOWN;
    }

    private static Map<String, String> metadata(JsonNode json) throws MalformedNodeException {
        Map<String, String> metadata = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            metadata.put(entry.getKey(), Json.text(json, entry.getKey(), ""));
        }
        return metadata;
    }
}
