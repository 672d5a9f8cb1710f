package io.rollcall.bench.contender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A way to route by name.
 *
 * @param name of its folder in {@code apache/bench/contenders}, and on the command line
 * @param title for the report
 * @param remark what one has to know to judge its figures
 * @param programs and modules (.so) without which it cannot take part
 * @param mostNames above which it is not tried, because it takes too long to start
 */
public record Contender(
        String name, String title, String remark, List<String> programs, int mostNames, Starter starter) {

    /** Starts a contender with its files in a folder of its own. */
    interface Starter {
        Server start(Setting setting, String name) throws Exception;
    }

    public Contender {
        programs = List.copyOf(programs);
    }

    /** Whether it follows a registry with so many other names that there is a hashed map even for few. */
    public boolean isAmongMany() {
        return name.startsWith("rollcall-hashed");
    }

    public boolean isRollcall() {
        return name.startsWith("rollcall-");
    }

    /** One of its programs that is not installed. */
    public Optional<String> missing() {
        return programs.stream().filter(program -> !installed(program)).findFirst();
    }

    private static boolean installed(String program) {
        if (program.endsWith(".so")) {
            try (Stream<Path> files = Files.find(
                    Path.of("/usr/lib"), 3, (file, facts) -> file.endsWith(Path.of("apr-util-1", program)))) {
                return files.findAny().isPresent();
            } catch (IOException | UncheckedIOException e) {
                return false;
            }
        }
        return Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    public Server start(Setting setting) throws Exception {
        return starter.start(setting, name);
    }
}
