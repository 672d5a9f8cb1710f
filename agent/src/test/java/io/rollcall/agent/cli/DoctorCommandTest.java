package io.rollcall.agent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a script sees of {@code rollcall doctor}. The httpd is one that accepts everything and says nothing. */
class DoctorCommandTest {
    @TempDir
    Path directory;

    private final PrintStream terminal = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Path httpd;

    @BeforeEach
    void capture() throws IOException {
        System.setOut(new PrintStream(printed, true, UTF_8));
        httpd = Files.writeString(
                directory.resolve("httpd"), "#!/bin/sh\n[ \"$1\" = -v ] && echo 'Apache/2.4.71'; exit 0\n");
        assertThat(httpd.toFile().setExecutable(true)).isTrue();
        Files.writeString(directory.resolve("httpd.conf"), "");
    }

    @AfterEach
    void release() {
        System.setOut(terminal);
    }

    @Test
    void aFailedCheckIsExitCodeOneAndIsPrintedWithReasonAndAdvice() {
        assertThat(doctor("--httpd", directory.resolve("httpd.conf").toString()))
                .isEqualTo(1);
        assertThat(printed.toString(UTF_8))
                .startsWith(directory.resolve("httpd.conf") + "\n  ok    version           httpd 2.4.71\n")
                .contains("\n  FAIL  include           rollcall.conf is not included\n" + " ".repeat(26) + "why: ")
                .contains("\n" + " ".repeat(26) + "do:  ");
    }

    @Test
    void severalConfigurationsAreReportedAsJson() throws Exception {
        assertThat(doctor("--json", "--httpd", directory.resolve("httpd.conf").toString(), "--httpd", "/nowhere"))
                .isEqualTo(1);
        JsonNode reports = new ObjectMapper().readTree(printed.toString(UTF_8));
        assertThat(reports).hasSize(2);
        assertThat(reports.get(1).get("httpd").asText()).isEqualTo("/nowhere");
        assertThat(reports.get(1).get("findings").get(1).get("level").asText()).isEqualTo("fail");
        assertThat(reports.get(1).get("findings").get(1).get("what").asText()).contains("no such file");
    }

    @Test
    void wrongUsageIsExitCodeTwo() {
        assertThat(doctor()).isEqualTo(2);
        httpd = Path.of("/nowhere/httpd");
        assertThat(doctor("--httpd", directory.resolve("httpd.conf").toString()))
                .isEqualTo(2);
    }

    private int doctor(String... arguments) {
        CommandLine command = new CommandLine(new DoctorCommand());
        String[] all = new String[arguments.length + 2];
        all[0] = "--httpd-binary";
        all[1] = httpd.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return command.execute(all);
    }
}
