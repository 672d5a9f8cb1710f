package io.rollcall.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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

    private static final int MAX_DEPTH = 16;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private InstanceCodec() {}

    /** What the node {@code nodeName} says; never more than {@link #MAX_BYTES}, or it throws {@link IllegalArgumentException}. */
    public static byte[] encode(Instance instance, String nodeName) {
        ObjectNode json = JSON.createObjectNode();
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
    public static Instance decode(String service, String nodeName, byte[] data) throws MalformedInstanceException {
        JsonNode json = parse(data);
        if (!json.isObject()) {
            throw new MalformedInstanceException("data: " + Excerpt.of(json.toString()) + " (expected: a JSON object)");
        }
        JsonNode own = json.path("rollcall");
        if (!own.isMissingNode() && !own.isObject()) {
            throw new MalformedInstanceException("rollcall: " + Excerpt.of(own.toString()) + " (expected: an object)");
        }
        try {
            return new Instance(
                    service,
                    Paths.idOf(nodeName),
                    text(json, "address", ""),
                    number(json, "port", 0),
                    text(own, "scheme", Instance.HTTP),
                    state(json, own),
                    number(own, "weight", Instance.DEFAULT_WEIGHT),
                    text(own, "incarnation", ""),
                    text(own, "version", ""),
                    text(own, "zone", ""),
                    json.path("registrationTimeUTC").asLong(0),
                    metadata(own.path("metadata")));
        } catch (IllegalArgumentException e) {
            throw new MalformedInstanceException(Excerpt.of(String.valueOf(e.getMessage())));
        }
    }

    private static JsonNode parse(byte[] data) throws MalformedInstanceException {
        if (data.length > MAX_BYTES) {
            throw new MalformedInstanceException(
                    "data: " + data.length + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        try {
            return JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new MalformedInstanceException("data: bytes that are no UTF-8 (expected: JSON in UTF-8)");
        } catch (JsonProcessingException e) {
            throw new MalformedInstanceException("data: " + Excerpt.of(e.getOriginalMessage())
                    + " (expected: JSON, nested at most " + MAX_DEPTH + " deep)");
        }
    }

    private static State state(JsonNode json, JsonNode own) throws MalformedInstanceException {
        if (own.isObject() && own.has("state")) {
            String word = text(own, "state", "");
            return State.of(word)
                    .orElseThrow(() -> new MalformedInstanceException(
                            "rollcall.state: '" + Excerpt.of(word) + "' (expected: one of " + State.words() + ")"));
        }
        boolean enabled = json.path("enabled").asBoolean(true);
        String spring =
                json.path("payload").path("metadata").path("instance_status").asText("UP");
        return enabled && spring.equals("UP") ? State.UP : State.DOWN;
    }

    private static Map<String, String> metadata(JsonNode json) throws MalformedInstanceException {
        Map<String, String> metadata = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            metadata.put(entry.getKey(), text(json, entry.getKey(), ""));
        }
        return metadata;
    }

    private static String text(JsonNode parent, String field, String absent) throws MalformedInstanceException {
        JsonNode value = parent.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isTextual()) {
            throw new MalformedInstanceException(field + ": " + Excerpt.of(value.toString()) + " (expected: a string)");
        }
        return value.textValue();
    }

    private static int number(JsonNode parent, String field, int absent) throws MalformedInstanceException {
        JsonNode value = parent.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new MalformedInstanceException(
                    field + ": " + Excerpt.of(value.toString()) + " (expected: a whole number)");
        }
        return value.intValue();
    }
}
