package io.rollcall.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadsTest {
    private static final Duration EVERY = Duration.ofSeconds(60);

    @TempDir
    Path maps;

    private long now;

    private Reloads reloads(String command) {
        return new Reloads(maps, command, EVERY, () -> now);
    }

    private Reloads counting() {
        return reloads("echo reload >> '" + maps.resolve("reloads") + "'");
    }

    private void declare(String... addresses) throws IOException {
        StringBuilder text = new StringBuilder("# Rollcall\n");
        for (String address : addresses) {
            text.append("ProxyPass \"rollcall\" \"http://").append(address).append("\" ttl=30\n");
        }
        Files.writeString(maps.resolve(Publisher.WORKERS), text);
    }

    private long reloaded() throws IOException {
        Path file = maps.resolve("reloads");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    private void later(Duration by) {
        now += by.toNanos();
    }

    @Test
    void what_was_declared_at_the_start_needs_no_reload() throws IOException {
        declare("10.0.0.1:80");
        Reloads reloads = counting();

        later(EVERY);
        reloads.look();

        assertThat(reloaded()).isZero();
    }

    @Test
    void new_backends_have_httpd_reload_once_and_those_that_come_soon_after_wait() throws IOException {
        declare("10.0.0.1:80");
        Reloads reloads = counting();
        declare("10.0.0.1:80", "10.0.0.2:80");
        reloads.look();
        assertThat(reloaded()).isZero();

        later(EVERY);
        reloads.look();
        declare("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        reloads.look();
        assertThat(reloaded()).isEqualTo(1);

        later(EVERY);
        reloads.look();
        reloads.look();
        assertThat(reloaded()).isEqualTo(2);
    }

    @Test
    void a_backend_that_goes_needs_no_reload() throws IOException {
        declare("10.0.0.1:80", "10.0.0.2:80");
        Reloads reloads = counting();
        declare("10.0.0.1:80");

        later(EVERY);
        reloads.look();

        assertThat(reloaded()).isZero();
    }

    @Test
    void a_command_that_fails_is_tried_again_when_it_is_due() throws IOException {
        Reloads reloads = reloads("echo reload >> '" + maps.resolve("reloads") + "'; exit 3");
        declare("10.0.0.1:80");

        later(EVERY);
        reloads.look();
        reloads.look();
        assertThat(reloaded()).isEqualTo(1);

        later(EVERY);
        reloads.look();
        assertThat(reloaded()).isEqualTo(2);
    }
}
