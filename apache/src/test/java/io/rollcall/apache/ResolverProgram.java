package io.rollcall.apache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The resolver where httpd's user can read it, wherever the work tree is: root's home, for one, is closed to others, and a resolver that
 * cannot start is replaced by the text map without a word. Copied once for all tests, and removed with the JVM.
 */
final class ResolverProgram {
    private static final Path AGENT =
            Path.of("..", "agent", "target").toAbsolutePath().normalize();
    private static final String COMMAND = copy();

    private ResolverProgram() {}

    /** What to run, without the maps: of the distribution if it was built, else from the classes. */
    static String command() {
        return COMMAND;
    }

    private static String copy() {
        try {
            Path home = Files.createTempDirectory("rollcall-resolver");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(home)));
            Path distribution = AGENT.resolve("rollcall");
            if (Files.isExecutable(distribution.resolve("bin/rollcall"))
                    && Files.isDirectory(distribution.resolve("lib"))) {
                copy(distribution, home, "bin/rollcall");
                copy(distribution, home, "lib/rollcall-agent-");
                return home.resolve("bin/rollcall") + " resolve";
            }
            copy(AGENT.resolve("classes"), home, "");
            return Path.of(System.getProperty("java.home"), "bin", "java")
                    + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp " + home + " io.rollcall.agent.resolve.Resolve";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files below {@code from} whose path there begins so. */
    private static void copy(Path from, Path to, String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = from.relativize(file).toString();
                if (name.startsWith(prefix)) {
                    Files.createDirectories(to.resolve(name).getParent());
                    Files.copy(file, to.resolve(name));
                    boolean program = Files.isExecutable(file);
                    Files.setPosixFilePermissions(
                            to.resolve(name), PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    private static void remove(Path home) {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("cannot remove " + home + ": " + e);
        }
    }
}
