package io.rollcall.agent.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events on disk, a line each: a file that becomes {@code .1} when it is full, of which there is one. Used by one thread at a time. */
final class EventFile {
    private static final Logger LOG = LoggerFactory.getLogger(EventFile.class);

    private final Path file;
    private final Path predecessor;
    private final long mostBytes;
    private long size;

    EventFile(Path file, long mostBytes) {
        this.file = file;
        this.predecessor = file.resolveSibling(file.getFileName() + ".1");
        this.mostBytes = mostBytes;
        this.size = file.toFile().length();
    }

    void append(List<Event> events) throws IOException {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.line()).append('\n'));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (size + bytes.length > mostBytes && size > 0) {
            Files.move(file, predecessor, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            size = 0;
        }
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        size += bytes.length;
    }

    /** Each event that is there, oldest first. What cannot be read is left out, and said in the log. */
    void each(Consumer<Event> reader) {
        for (Path part : List.of(predecessor, file)) {
            try (var lines = Files.lines(part, StandardCharsets.ISO_8859_1)) {
                lines.map(line -> new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                        .forEach(line -> Event.parse(line).ifPresent(reader));
            } catch (NoSuchFileException e) {
                LOG.debug("No journal yet: {}", part);
            } catch (IOException | UncheckedIOException e) {
                LOG.warn("The journal {} cannot be read: {}", part, e.toString());
            }
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
