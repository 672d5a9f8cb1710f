package io.rollcall.apache;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 message as it came off the wire.
 *
 * @param start the request or status line, each byte one char (ISO-8859-1)
 * @param headers all values by header name, names in any case
 * @param body the body without its chunks, each byte one char
 */
public record HttpMessage(String start, Map<String, List<String>> headers, String body) {

    public HttpMessage {
        Map<String, List<String>> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> sorted.put(name, List.copyOf(values)));
        headers = Collections.unmodifiableMap(sorted);
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(values -> values.get(0));
    }

    /** The status of a response. */
    public int status() {
        return Integer.parseInt(start.split(" ", 3)[1]);
    }

    /** The method of a request. */
    public String method() {
        return start.substring(0, start.indexOf(' '));
    }

    /** What stands between method and version of a request, untouched. */
    public String target() {
        return start.substring(start.indexOf(' ') + 1, start.lastIndexOf(' '));
    }

    /** The body, read as UTF-8. */
    public String text() {
        return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /**
     * Reads one message, or nothing where the stream ends before its first byte.
     *
     * @param toEnd whether a body without a length lasts until the stream ends, as that of a response does
     * @param bodiless whether there is no body whatever the headers say: the answer to a HEAD
     */
    static Optional<HttpMessage> read(InputStream in, boolean toEnd, boolean bodiless) throws IOException {
        Optional<HttpMessage> head = readHead(in);
        if (bodiless || head.isEmpty()) {
            return head;
        }
        return Optional.of(new HttpMessage(head.get().start(), head.get().headers(), body(in, head.get(), toEnd)));
    }

    /** Reads what is before the body, or nothing where the stream ends before its first byte. */
    public static Optional<HttpMessage> readHead(InputStream in) throws IOException {
        String start = line(in);
        if (start == null) {
            return Optional.empty();
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = need(line(in)); !line.isEmpty(); line = need(line(in))) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new IOException("header line without a colon: " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return Optional.of(new HttpMessage(start, headers, ""));
    }

    private static String body(InputStream in, HttpMessage head, boolean toEnd) throws IOException {
        if (head.header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return chunks(in);
        }
        Optional<String> length = head.header("Content-Length");
        if (length.isPresent()) {
            int expected = Integer.parseInt(length.get());
            byte[] body = in.readNBytes(expected);
            if (body.length < expected) {
                throw new EOFException("body cut short: " + body.length + " of " + expected + " bytes");
            }
            return latin1(body);
        }
        boolean never = toEnd && (head.status() < 200 || head.status() == 204 || head.status() == 304);
        return toEnd && !never ? latin1(in.readAllBytes()) : "";
    }

    private static String chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size = Integer.parseInt(need(line(in)).split(";", 2)[0].strip(), 16);
        while (size > 0) {
            body.write(in.readNBytes(size));
            need(line(in));
            size = Integer.parseInt(need(line(in)).split(";", 2)[0].strip(), 16);
        }
        String trailer = need(line(in));
        while (!trailer.isEmpty()) {
            trailer = need(line(in));
        }
        return latin1(body.toByteArray());
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException("line cut short: " + line.toString(StandardCharsets.ISO_8859_1));
            }
            if (next != '\r') {
                line.write(next);
            }
            next = in.read();
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static String need(@Nullable String line) throws IOException {
        if (line == null) {
            throw new EOFException("message cut short");
        }
        return line;
    }
}
