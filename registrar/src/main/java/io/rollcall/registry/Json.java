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

/** Reads what anybody may have written into a znode: bounded, strict, and with messages that name the field. */
final class Json {
    private static final int MAX_DEPTH = 16;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The object that {@code data} is; of at most {@code maxBytes}. */
    static JsonNode parse(byte[] data, int maxBytes) throws MalformedNodeException {
        if (data.length > maxBytes) {
            throw new MalformedNodeException("data: " + data.length + " bytes (expected: at most " + maxBytes + ")");
        }
        JsonNode json;
        try {
            json = MAPPER.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new MalformedNodeException("data: bytes that are no UTF-8 (expected: JSON in UTF-8)");
        } catch (JsonProcessingException e) {
            throw new MalformedNodeException("data: " + Excerpt.of(e.getOriginalMessage())
                    + " (expected: JSON, nested at most " + MAX_DEPTH + " deep)");
        }
        if (!json.isObject()) {
            throw new MalformedNodeException("data: " + Excerpt.of(json.toString()) + " (expected: a JSON object)");
        }
        return json;
    }

    static String text(JsonNode parent, String field, String absent) throws MalformedNodeException {
        JsonNode value = parent.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isTextual()) {
            throw new MalformedNodeException(field + ": " + Excerpt.of(value.toString()) + " (expected: a string)");
        }
        return value.textValue();
    }

    static int number(JsonNode parent, String field, int absent) throws MalformedNodeException {
        JsonNode value = parent.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new MalformedNodeException(
                    field + ": " + Excerpt.of(value.toString()) + " (expected: a whole number)");
        }
        return value.intValue();
    }
}
