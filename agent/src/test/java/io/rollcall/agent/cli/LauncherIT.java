package io.rollcall.agent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged launcher's own words. */
final class LauncherIT {
    private static final String COMMAND = Path.of(System.getProperty("rollcall.distribution"), "bin/rollcall")
            .toAbsolutePath()
            .toString();

    @ParameterizedTest
    @ValueSource(strings = {"resolve", "register", "zkcli", "share-classes", "agent", "doctor"})
    void everyCommandHasHelp(String name) throws Exception {
        Process process = new ProcessBuilder(COMMAND, name, "--help")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).startsWith("Usage: rollcall " + name);
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void whatTheLauncherItselfDoesRefusesAWordThatItDoesNotKnow() throws Exception {
        Process process = new ProcessBuilder(COMMAND, "share-classes", "--maps=/tmp")
                .redirectErrorStream(true)
                .start();
        assertThat(process.inputReader(UTF_8).lines())
                .containsExactly("rollcall: share-classes: --maps=/tmp: unknown (expected: nothing, or --help)");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void aHostOfZooKeeperThatNobodyKnowsIsNamedWithoutAStackTrace() throws Exception {
        Process process = new ProcessBuilder(
                        List.of(COMMAND, "drains", "--zookeeper", "127.0.0.1:1,no-such-host.invalid:2181"))
                .redirectErrorStream(true)
                .start();
        assertThat(process.inputReader(UTF_8).lines())
                .containsExactly("rollcall drains: no connection to ZooKeeper:"
                        + " 127.0.0.1:1,no-such-host.invalid:2181 (unknown here: no-such-host.invalid)");
        assertThat(process.waitFor()).isEqualTo(3);
    }
}
