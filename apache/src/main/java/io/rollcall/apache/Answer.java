package io.rollcall.apache;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Backend} says to a request.
 *
 * @param status an HTTP status, 200..599
 * @param headers further headers; Content-Length, X-Service and X-Backend are the backend's own
 * @param body the body, each char one byte (ISO-8859-1)
 */
public record Answer(int status, Map<String, String> headers, String body) {

    public Answer {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200..599)");
        }
        headers = Map.copyOf(headers);
    }

    /** An answer with a text. */
    public static Answer text(int status, String text) {
        return new Answer(status, Map.of("Content-Type", "text/plain; charset=utf-8"), latin1(text));
    }

    /** A redirect. */
    public static Answer redirect(String location) {
        return new Answer(302, Map.of("Location", location), "");
    }

    /**
     * The request as JSON: {@code {"service","backend","method","target","headers":{name:[value]},"body"}}. Bytes above 127
     * appear as the char of that number, so that a test can compare them.
     */
    static Answer echo(String service, String id, HttpMessage request) {
        StringBuilder json = new StringBuilder("{\"service\":").append(quoted(service));
        json.append(",\"backend\":").append(quoted(id));
        json.append(",\"method\":").append(quoted(request.method()));
        json.append(",\"target\":").append(quoted(request.target()));
        json.append(",\"headers\":{");
        String comma = "";
        for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
            json.append(comma).append(quoted(header.getKey())).append(":[");
            json.append(String.join(
                    ",", header.getValue().stream().map(Answer::quoted).toList()));
            json.append(']');
            comma = ",";
        }
        json.append("},\"body\":").append(quoted(request.body()));
        return new Answer(
                200,
                Map.of("Content-Type", "application/json"),
                json.append("}\n").toString());
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c < 32 || c > 126) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
