package io.rollcall.deploy.stage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Httpd's own word on what became of each request: its access log, in a format of ours. */
public final class RequestLog {
    /** As httpd's LogFormat has it. */
    static final String FORMAT =
            "%{begin:usec}t %{end:usec}t %>s %m %{Host}i %{ROLLCALL_SERVICE}e %{ROLLCALL_BACKEND}e %{ROLLCALL_TRY}e"
                    + " %{ROLLCALL_REPLY}e";

    /**
     * One request.
     *
     * @param beginMicros when it began, since 1970
     * @param endMicros when it was done
     * @param backend where it was sent to last, or {@code -}
     * @param attempt {@code 2} where that was the second try
     * @param reply what the resolver said, or {@code -}: there is none, or the rule that takes most requests believed it at once
     */
    public record Entry(
            long beginMicros,
            long endMicros,
            int status,
            String method,
            String host,
            String service,
            String backend,
            String attempt,
            String reply) {}

    private RequestLog() {}

    public static List<Entry> read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(" ", 9)).map(RequestLog::entry).toList();
        }
    }

    private static Entry entry(String[] words) {
        return new Entry(
                Long.parseLong(words[0]),
                Long.parseLong(words[1]),
                Integer.parseInt(words[2]),
                words[3],
                words[4],
                words[5],
                words[6],
                words[7],
                words[8]);
    }
}
