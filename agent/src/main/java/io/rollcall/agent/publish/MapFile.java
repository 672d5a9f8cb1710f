package io.rollcall.agent.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One published file. It is replaced by rename, so that a reader sees the old or the new one whole, and every publication has a
 * strictly larger modification time: httpd compares it in microseconds to tell whether its cache still holds.
 */
final class MapFile {
    private final Path file;
    private @Nullable String published; // by the publishing thread

    MapFile(Path file) {
        this.file = file;
    }

    /** Makes the file hold {@code text}; if it does already, nothing is written. Tells whether it was. */
    boolean publish(String text) throws IOException {
        if (text.equals(published) && Files.exists(file)) {
            return false;
        }
        AtomicFile.replace(file, AtomicFile.Content.of(text.getBytes(StandardCharsets.UTF_8)), AtomicFile.later(file));
        published = text;
        return true;
    }

    /** Advances the modification time of an unchanged file: it bounds httpd's caches and tells the map's age. */
    void touch() throws IOException {
        Files.setLastModifiedTime(file, AtomicFile.later(file));
    }
}
