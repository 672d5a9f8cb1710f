package io.rollcall.agent.logs;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * How far the logs were read and what was open then, so that an agent that is started again misses nothing. Older than what was
 * read last, it does no harm: the lines after it are read once more.
 *
 * @param boot the kernel's own name for this boot, in which process ids and start times mean something
 * @param completeSince everything was read of processes that started later, in ticks
 * @param ended ids whose start may come after their end
 * @param anyEnd whether any end was read so far
 */
record LogsState(
        String boot, long completeSince, List<File> files, List<Open> open, List<String> ended, boolean anyEnd) {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    LogsState {
        files = List.copyOf(files);
        open = List.copyOf(open);
        ended = List.copyOf(ended);
    }

    /** A log with the files that it is and was. */
    record File(String path, List<Place> places) {
        File {
            places = List.copyOf(places);
        }
    }

    /**
     * Where reading goes on in a file.
     *
     * @param key device and inode
     * @param before what stands before that place, each byte one char
     * @param overlong whether the line there is to be left out
     */
    record Place(String key, long position, String before, boolean overlong, long firstWriter) {}

    /** A request without its end. */
    record Open(String id, int pid, long writer, boolean undecided, String service, String backend) {}

    /** What was written there; empty if there is nothing that can be used. */
    static Optional<LogsState> read(Path file) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), LogsState.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.write(next, JSON.writeValueAsBytes(this));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
