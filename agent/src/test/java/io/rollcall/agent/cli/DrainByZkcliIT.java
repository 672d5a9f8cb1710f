package io.rollcall.agent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.registry.Ack.Stage;
import io.rollcall.registry.Order;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the documentation that drains with ZooKeeper's own command line. */
final class DrainByZkcliIT {
    private static final Path BIN =
            Path.of(System.getProperty("rollcall.distribution"), "bin").toAbsolutePath();
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void itEndsWhenTheAgentsSayQuietAndNotBefore() throws Exception {
        Path script = Path.of("../docs/drain-by-zkcli.sh").toAbsolutePath();
        Path said = directory.resolve("said");
        try (FakeRegistry registry = new FakeRegistry()) {
            registry.backend("shop.example.com", "a", "41", 8001);
            registry.agent("web1", true);
            registry.agent("web2", true);
            ProcessBuilder command = new ProcessBuilder(script.toString(), "shop.example.com", "a")
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            command.environment().put("PATH", BIN + ":" + System.getenv("PATH"));
            command.environment().put("ROLLCALL_ZOOKEEPER", registry.connect());
            Process process = command.start();
            try {
                await().atMost(LONG)
                        .until(() -> registry.order("shop.example.com", "a").isPresent());
                assertThat(registry.order("shop.example.com", "a").orElseThrow().action())
                        .isEqualTo(Order.Action.DRAIN);
                registry.ack("web1", "shop.example.com", "a", Stage.QUIET, 0);
                registry.ack("web2", "shop.example.com", "a", Stage.SWITCHED, 1);
                await().atMost(LONG).until(() -> Files.readString(said).contains("waiting for web2\n"));
                assertThat(process.isAlive()).isTrue();
                registry.ack("web2", "shop.example.com", "a", Stage.QUIET, 0);
                assertThat(process.waitFor()).isZero();
                assertThat(Files.readString(said, UTF_8)).endsWith("a is quiet: it may be stopped\n");
            } finally {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
            }
        }
    }
}
