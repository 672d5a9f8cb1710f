package io.rollcall.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class RollcallTest {
    private final StringWriter err = new StringWriter();

    @Test
    void whatIsWrongIsNotBuriedUnderTheHelp() {
        assertThat(rollcall("register", "shop.example.com", "--port", "99999", "--", "true"))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "rollcall register: port: '99999' (expected: 1..65535)", "See rollcall register --help");
    }

    @Test
    void aCommandThatDoesNotExistIsAnsweredWithTheNearest() {
        assertThat(rollcall("agnt")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("rollcall: ")
                .contains("Did you mean: rollcall agent or rollcall agents or rollcall events?");
    }

    @Test
    void anOptionThatIsMissingBecauseItIsMisspeltIsShown() {
        assertThat(rollcall("register", "shop.example.com", "--prot", "8080", "--", "true"))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "rollcall register: Missing required option: '--port=PORT'",
                        "Not known: --prot",
                        "See rollcall register --help");
    }

    @Test
    void whoSaysNothingGetsTheHelp() {
        assertThat(rollcall()).isEqualTo(2);
        assertThat(err.toString()).startsWith("Usage: rollcall").contains("doctor", "register");
    }

    @Test
    void theHelpNamesWhateverTheLauncherDoesItself() throws IOException {
        List<String> itself = Pattern.compile("^([a-z-]+)\\)$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("src/dist/bin/rollcall")))
                .results()
                .map(label -> label.group(1))
                .toList();
        assertThat(itself).contains("resolve", "share-classes");
        assertThat(Rollcall.commandLine().getSubcommands()).containsKeys(itself.toArray(String[]::new));
    }

    @Test
    void theAgentWithoutTheOtherCommandsIsTheSame() {
        assertThat(Rollcall.agent().getUsageMessage())
                .isEqualTo(Rollcall.commandLine().getSubcommands().get("agent").getUsageMessage());
        Rollcall.agent().setErr(new PrintWriter(err, true)).execute("--confg", "x");
        assertThat(err.toString()).startsWith("rollcall agent: ").contains("See rollcall agent --help");
    }

    private int rollcall(String... arguments) {
        return Rollcall.commandLine().setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
