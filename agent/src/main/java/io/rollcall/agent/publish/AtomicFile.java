package io.rollcall.agent.publish;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Replaces files by rename: a reader sees the old or the new one whole, and what cannot be written leaves the old one. */
final class AtomicFile {
    /** What is to stand in a file. */
    interface Content {
        void write(FileChannel out) throws IOException;

        static Content of(byte[] bytes) {
            return out -> {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
            };
        }
    }

    private AtomicFile() {}

    static void replace(Path file, Content content, FileTime modified) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            try (FileChannel out = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                content.write(out);
            }
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            Files.setLastModifiedTime(temporary, modified);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /** A time of modification later than the file's: httpd compares it in microseconds to tell whether its cache still holds. */
    static FileTime later(Path file) throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        try {
            Instant last = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.MICROS);
            return FileTime.from(now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS));
        } catch (NoSuchFileException e) {
            return FileTime.from(now);
        }
    }
}
