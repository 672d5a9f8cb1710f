package io.rollcall.deploy.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A process of {@link MixedMain}, and what it saw, which can be read when it is gone. */
public final class Server implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final BackendProcess process;
    private final Path seen;

    Server(BackendProcess process, Path seen) {
        this.process = process;
        this.seen = seen;
    }

    /**
     * A connection or a request that came.
     *
     * @param nanos when, by {@link System#nanoTime}
     * @param what {@code connection}, or the path of the request
     */
    public record Sight(long nanos, String what) {}

    public BackendProcess process() {
        return process;
    }

    public String id() {
        return process.id();
    }

    /** Waits until it is in the registry. */
    public Server awaitRegistered() throws IOException {
        if (!Waiting.until(PATIENCE, () -> process.when("registered").isPresent() || !process.alive())) {
            throw new IOException(id() + " is not registered after " + PATIENCE);
        }
        if (!process.alive()) {
            throw new IOException(id() + " ended before it was registered");
        }
        return this;
    }

    public List<Sight> seen() throws IOException {
        try (Stream<String> lines = Files.lines(seen)) {
            return lines.map(line -> line.split(" ", 3))
                    .filter(words -> words.length == 3) // a SIGKILL may cut the last one
                    .map(words -> new Sight(Long.parseLong(words[0]), words[1]))
                    .toList();
        }
    }

    /** How many requests came, by path. */
    public Map<String, Long> kinds() throws IOException {
        Map<String, Long> kinds = new TreeMap<>();
        seen().forEach(sight -> kinds.merge(sight.what(), 1L, Long::sum));
        return kinds;
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    /** Removes what it saw. */
    public void forget() throws IOException {
        Files.deleteIfExists(seen);
    }

    @Override
    public void close() {
        process.close();
    }
}
