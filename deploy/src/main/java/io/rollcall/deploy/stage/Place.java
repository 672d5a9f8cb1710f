package io.rollcall.deploy.stage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * Where a stage keeps its files. The script that started us made the directory, and removes it should we be killed: deploy/lib/janitor.
 *
 * @param directory others may enter it, since httpd's children are another user when root starts it
 * @param top the top of the work tree, which has the distribution
 */
public record Place(Path directory, Path top) {

    public static Place given() {
        return new Place(
                given("ROLLCALL_PLACE", System.getenv("ROLLCALL_PLACE")),
                given("rollcall.top", System.getProperty("rollcall.top")));
    }

    private static Path given(String name, @org.jspecify.annotations.Nullable String value) {
        if (value == null) {
            throw new IllegalStateException(name + " is not set (expected: to be started by a script in deploy/)");
        }
        return Path.of(value);
    }

    public Path distribution() {
        return top.resolve("agent/target/rollcall");
    }

    /** A place of its own inside this one. */
    public Place inside(String name) throws IOException {
        return new Place(folder(name), top);
    }

    /**
     * A copy of the distribution that httpd's user can run the resolver from, wherever the work tree is. Root's home, for one, is closed
     * to others.
     */
    public Path installed() throws IOException {
        Path copy = directory.resolve("rollcall");
        if (Files.exists(copy)) {
            return copy;
        }
        try (Stream<Path> files = Files.walk(distribution())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(
                        file,
                        copy.resolve(distribution().relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return copy;
    }

    /** A directory of this place, which others may read; made if it is not there. */
    public Path folder(String name) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Removes all of it. */
    public void remove() throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // what was stopped may still tidy up after itself
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, java.io.IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
