package io.rollcall.agent.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has httpd reload when {@code workers.conf} declares backends that it has not read of: it keeps connections only to those. Nothing
 * but speed depends on it, so bursts are gathered, and a command that fails is tried again no sooner. Used by one thread.
 */
public final class Reloads {
    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path workers;
    private final String command;
    private final Duration every;
    private final LongSupplier nanos;
    private Set<String> read; // by httpd, as far as we know
    private long last;

    /**
     * Takes it that httpd has read what is there now.
     *
     * @param maps the directory that has the file
     * @param command for the shell
     * @param every least time between two reloads
     */
    public Reloads(Path maps, String command, Duration every, LongSupplier nanos) {
        this.workers = maps.resolve(Publisher.WORKERS);
        this.command = command;
        this.every = every;
        this.nanos = nanos;
        this.read = declared();
        this.last = nanos.getAsLong();
    }

    /** To be called now and then; returns when httpd has reloaded, if it has to. */
    public void look() {
        if (nanos.getAsLong() - last < every.toNanos()) {
            return;
        }
        Set<String> now = declared();
        if (read.containsAll(now)) {
            return;
        }
        last = nanos.getAsLong();
        String problem = run();
        if (problem.isEmpty()) {
            read = now;
            LOG.info("httpd reloaded: workers.conf declares backends that it did not know");
        } else {
            LOG.warn(
                    "reload.command '{}': {} (expected: status 0); trying again in {} s",
                    command,
                    problem,
                    every.toSeconds());
        }
    }

    private Set<String> declared() {
        try {
            return Files.readString(workers, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.contains("http://"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            return Set.of(); // not there yet: nothing to be read
        }
    }

    private String run() {
        try {
            Process process = new ProcessBuilder("/bin/sh", "-c", command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue() == 0 ? "" : "status " + process.exitValue();
            }
            process.destroyForcibly();
            return "not done after " + PATIENCE.toSeconds() + " s";
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
