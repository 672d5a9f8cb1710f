package io.rollcall.agent.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of events, and the last of them in memory. When the file is full it becomes {@code .1}, of which there is one. A disk that
 * takes nothing costs lines in the file, counted and said, and nothing else: nothing is decided by a journal.
 */
public final class Journal {
    /** An event and its number: the first since the agent started, those read from the file included, is 1. */
    public record Numbered(long number, Event event) {}

    public static final long MOST_BYTES = 4 * 1024 * 1024;
    private static final int REMEMBERED = 2000;
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final Path file;
    private final long mostBytes;
    private final Deque<Numbered> last = new ArrayDeque<>(); // guarded by this
    private long count; // guarded by this
    private long lost; // by the one writer
    private long size; // by the one writer

    private Journal(Path file, long mostBytes) {
        this.file = file;
        this.mostBytes = mostBytes;
    }

    /** Goes on with the file that is there. */
    public static Journal open(Path file, long mostBytes) {
        Journal journal = new Journal(file, mostBytes);
        try {
            for (Path part : List.of(predecessor(file), file)) {
                journal.remember(part);
            }
            journal.size = Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The journal {} cannot be read: {}", file, e.toString());
        }
        return journal;
    }

    /** Writes them down. One thread at a time; waits for the disk. */
    public void add(List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        events.forEach(this::remember);
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.line()).append('\n'));
        try {
            write(text.toString().getBytes(StandardCharsets.UTF_8));
            if (lost > 0) {
                LOG.warn("The journal {} is written again; {} events are missing in it", file, lost);
                lost = 0;
            }
        } catch (IOException e) {
            if (lost == 0) {
                LOG.error("The journal {} cannot be written: {}", file, e.toString());
            }
            lost += events.size();
        }
    }

    /**
     * The last events, oldest first.
     *
     * @param service of this one and those about all; empty for all
     * @param after only those with a higher number
     * @param most at most so many
     */
    public synchronized List<Numbered> last(Optional<String> service, long after, int most) {
        List<Numbered> found = new ArrayList<>();
        last.stream()
                .filter(numbered -> numbered.number() > after)
                .filter(numbered -> service.isEmpty()
                        || service.get().equals(numbered.event().service())
                        || numbered.event().service().equals(Event.ALL))
                .forEach(found::add);
        return found.subList(Math.max(0, found.size() - most), found.size());
    }

    private void write(byte[] bytes) throws IOException {
        if (size + bytes.length > mostBytes && size > 0) {
            Files.move(file, predecessor(file), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            size = 0;
        }
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        size += bytes.length;
    }

    private void remember(Path part) throws IOException {
        try (var lines = Files.lines(part, StandardCharsets.ISO_8859_1)) {
            lines.forEach(
                    line -> Event.parse(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                            .ifPresent(this::remember));
        } catch (NoSuchFileException e) {
            LOG.debug("No journal yet: {}", part);
        }
    }

    private synchronized void remember(Event event) {
        count++;
        last.add(new Numbered(count, event));
        if (last.size() > REMEMBERED) {
            last.remove();
        }
    }

    private static Path predecessor(Path file) {
        return file.resolveSibling(file.getFileName() + ".1");
    }
}
