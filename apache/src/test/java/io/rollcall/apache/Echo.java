package io.rollcall.apache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a backend says that it was asked. */
record Echo(String service, String backend, String method, String target, JsonNode headers, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Echo of(HttpMessage answer) throws JsonProcessingException {
        if (answer.status() != 200) {
            throw new AssertionError(answer.start() + "\n" + answer.text());
        }
        JsonNode json = JSON.readTree(answer.body());
        return new Echo(
                json.get("service").asText(),
                json.get("backend").asText(),
                json.get("method").asText(),
                json.get("target").asText(),
                json.get("headers"),
                json.get("body").asText());
    }

    /** The values of a header, joined by a comma; empty if it did not come. */
    String header(String name) {
        StringBuilder joined = new StringBuilder();
        headers.properties().forEach(field -> {
            if (field.getKey().equalsIgnoreCase(name)) {
                field.getValue()
                        .forEach(value ->
                                joined.append(joined.isEmpty() ? "" : ",").append(value.asText()));
            }
        });
        return joined.toString();
    }
}
