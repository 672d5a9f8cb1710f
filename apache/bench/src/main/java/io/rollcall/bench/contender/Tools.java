package io.rollcall.bench.contender;

import io.rollcall.bench.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Programs that are run to their end, and signals. */
final class Tools {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Tools() {}

    static String run(List<String> command) throws IOException, InterruptedException {
        return run(command, Optional.empty());
    }

    /** Runs it with this on its standard input, and gives what it says; a status other than 0 is an error. */
    static String run(List<String> command, Optional<String> input) throws IOException, InterruptedException {
        Process process = Processes.bounded(
                new ProcessBuilder(command).redirectErrorStream(true).start(), PATIENCE);
        try (var out = process.outputWriter(StandardCharsets.UTF_8)) {
            out.write(input.orElse(""));
        }
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": status " + process.exitValue() + "\n" + words);
        }
        return words;
    }

    /** Has an httpd read its configuration again, and waits until it says so. */
    static void graceful(Path directory) throws IOException, InterruptedException {
        long before = resumed(directory);
        run(List.of(
                "kill",
                "-USR1",
                Files.readString(directory.resolve("httpd.pid")).strip()));
        await("httpd in " + directory + " says that it resumes", () -> resumed(directory) > before);
    }

    private static long resumed(Path directory) {
        try (var lines = Files.lines(directory.resolve("error.log"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains("resuming normal operations"))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    static void await(String what, BooleanSupplier condition) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IOException("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            Thread.sleep(1);
        }
    }
}
