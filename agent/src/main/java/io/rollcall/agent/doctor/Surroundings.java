package io.rollcall.agent.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine that an httpd is on.
 *
 * @param root where {@code /proc} and systemd's units are looked for; {@code /} but in tests
 * @param running the process id of this httpd, if it runs
 * @param now the time that ages are counted to
 */
record Surroundings(Path root, Optional<Long> running, Instant now) {
    private static final List<String> UNITS = List.of(
            "etc/systemd/system/apache2.service",
            "etc/systemd/system/httpd.service",
            "etc/systemd/system/apache2.service.d",
            "etc/systemd/system/httpd.service.d",
            "usr/lib/systemd/system/apache2.service",
            "usr/lib/systemd/system/httpd.service");
    private static final Pattern PRIVATE =
            Pattern.compile("(?im)^\\s*PrivateTmp\\s*=\\s*(true|yes|on|1|disconnected)\\s*$");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    /** Of this machine, for the httpd with this pid file. */
    static Surroundings of(Optional<Path> pidFile) {
        return new Surroundings(Path.of("/"), pidFile.flatMap(Surroundings::running), Instant.now());
    }

    private static Optional<Long> running(Path pidFile) {
        try {
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            String name = Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
            return name.matches("apache2|httpd.*") ? Optional.of(pid) : Optional.empty();
        } catch (IOException | NumberFormatException notRunning) {
            return Optional.empty();
        }
    }

    /** Every mount point that httpd sees, or this process if httpd is not running or cannot be looked into. */
    Set<Path> mountPoints() throws IOException {
        Path own = root.resolve("proc/self/mountinfo");
        Path mounts = running.map(pid -> root.resolve("proc/" + pid + "/mountinfo"))
                .filter(Files::isReadable)
                .orElse(own);
        Set<Path> points = new HashSet<>();
        for (String line : Files.readAllLines(mounts, StandardCharsets.ISO_8859_1)) {
            String[] fields = line.split(" ", 6);
            if (fields.length > 4) {
                points.add(Path.of(OCTAL.matcher(fields[4])
                        .replaceAll(code -> Character.toString(Integer.parseInt(code.group(1), 8)))));
            }
        }
        return points;
    }

    /** Whether the process has this file, and not another, under this name; also true if that cannot be told. */
    boolean seesTheSame(long pid, Path file) {
        Path view = root.resolve("proc/" + pid + "/root");
        if (!Files.isReadable(view)) {
            return true;
        }
        try {
            return Files.isSameFile(view.resolve(file.toString().substring(1)), file);
        } catch (IOException e) {
            return false;
        }
    }

    /** The unit of an httpd that has a {@code /tmp} of its own. */
    Optional<Path> privateTmp() {
        return UNITS.stream()
                .map(root::resolve)
                .flatMap(Surroundings::files)
                .filter(Surroundings::isPrivate)
                .findFirst();
    }

    private static Stream<Path> files(Path unit) {
        if (!Files.isDirectory(unit)) {
            return Files.isReadable(unit) ? Stream.of(unit) : Stream.of();
        }
        try (Stream<Path> files = Files.list(unit)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isPrivate(Path unit) {
        try {
            return PRIVATE.matcher(Files.readString(unit, StandardCharsets.ISO_8859_1))
                    .find();
        } catch (IOException e) {
            return false;
        }
    }
}
