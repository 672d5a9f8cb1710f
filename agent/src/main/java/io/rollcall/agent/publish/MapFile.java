package io.rollcall.agent.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One published file. It is replaced by rename, so that a reader sees the old or the new one whole, and every publication has a
 * strictly larger modification time: httpd compares it in microseconds to tell whether its cache still holds.
 */
final class MapFile {
    private final Path file;
    private final Path temporary;
    private @Nullable String published; // by the publishing thread

    MapFile(Path file) {
        this.file = file;
        this.temporary = file.resolveSibling("." + file.getFileName() + ".new");
    }

    /** Makes the file hold {@code text}; if it does already, nothing is written. Tells whether it was. */
    boolean publish(String text) throws IOException {
        if (text.equals(published) && Files.exists(file)) {
            return false;
        }
        try {
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            Files.setLastModifiedTime(temporary, later());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        published = text;
        return true;
    }

    /** Advances the modification time of an unchanged file: it bounds httpd's caches and tells the map's age. */
    void touch() throws IOException {
        Files.setLastModifiedTime(file, later());
    }

    private FileTime later() throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        try {
            Instant last = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.MICROS);
            return FileTime.from(now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS));
        } catch (NoSuchFileException e) {
            return FileTime.from(now);
        }
    }
}
