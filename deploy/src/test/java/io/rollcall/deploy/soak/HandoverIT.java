package io.rollcall.deploy.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code deploy/soak handover} in small: two front ends in network namespaces of their own, under load. */
@Timeout(400)
final class HandoverIT {
    /** As deploy/lib/common.sh has it: something must be installed or permitted first. */
    private static final int NOT_HERE = 3;

    @Test
    void nothingFailsWhenABackendIsKilledTheMomentItsHandoverIsDone() throws Exception {
        Path top = Path.of("..").toRealPath();
        List<String> command = List.of(
                top.resolve("deploy/lib/with-fronts").toString(),
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=soak-logback.xml",
                "-Drollcall.top=" + top,
                "-cp",
                System.getProperty("java.class.path"),
                Soak.class.getName(),
                "handover",
                "--test");
        Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String words = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(run.waitFor(10, TimeUnit.SECONDS)).isTrue();
            System.out.println(words);
            Assumptions.assumeFalse(run.exitValue() == NOT_HERE, () -> "no network namespaces here: " + words);
            assertThat(run.exitValue()).as(words).isZero();
        } finally {
            run.destroyForcibly(); // deploy/lib/janitor clears up after it
        }
    }
}
