package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged resolver, started as httpd starts it: no environment, another directory, two pipes. */
@Timeout(60)
class ResolveIT {
    private static final Path COMMAND =
            Path.of(System.getProperty("rollcall.distribution"), "bin/rollcall").toAbsolutePath();

    @TempDir
    Path directory;

    private Path maps;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void publishSomething() throws IOException {
        maps = Files.createDirectory(directory.resolve("maps"));
        publish("# rollcall 1\nshop.example.com 10.0.0.1:80\n");
    }

    @AfterEach
    void stop() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void itAnswersWhenStartedThroughLinksWithAnEmptyEnvironment() throws Exception {
        Path link = Files.createSymbolicLink(
                directory.resolve("link"), Files.createSymbolicLink(directory.resolve("link2"), COMMAND));
        Talk talk = new Talk(Map.of(), link.toString(), "resolve", "--maps", maps.toString());
        assertThat(talk.ask("id1 shop.example.com")).isEqualTo("id1 10.0.0.1:80");
        assertThat(talk.ask("id2 other.example.com")).isEqualTo("NULL");
        Files.delete(link);
        Files.delete(directory.resolve("link2"));
    }

    @Test
    void itEndsWithItsInput() throws Exception {
        Talk talk = resolver();
        assertThat(talk.ask("id1 shop.example.com")).isEqualTo("id1 10.0.0.1:80");
        talk.to.close();
        assertThat(talk.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(talk.process.exitValue()).isZero();
    }

    @Test
    void itEndsWhenTerminatedAndLeavesNoProcessBehind() throws Exception {
        Talk talk = resolver();
        assertThat(talk.ask("id1 shop.example.com")).isEqualTo("id1 10.0.0.1:80");
        assertThat(talk.process.descendants()).as("the launcher became Java").isEmpty();
        talk.process.destroy();
        assertThat(talk.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void itFollowsTheMapAndStartsWithoutOne() throws Exception {
        Files.delete(maps.resolve("backends.map"));
        Talk talk = resolver();
        assertThat(talk.ask("id1 shop.example.com")).isEqualTo("NULL");
        for (int i = 1; i < 20; i++) {
            publish("shop.example.com 10.0.0." + i + ":80\n");
            String expected = "id 10.0.0." + i + ":80";
            await().until(() -> talk.ask("id shop.example.com").equals(expected));
        }
    }

    @Test
    void nothingButRepliesIsOnItsOutput() throws Exception {
        Talk talk = new Talk(
                Map.of("JAVA_TOOL_OPTIONS", "-Dx=y -XX:+UseParallelGC -XX:-UseParallelGC"),
                COMMAND.toString(),
                "resolve",
                "--maps",
                maps.toString());
        assertThat(talk.ask("id1 shop.example.com")).isEqualTo("id1 10.0.0.1:80");
        Process quit = new ProcessBuilder("kill", "-QUIT", Long.toString(talk.process.pid())).start();
        assertThat(quit.waitFor()).isZero();
        for (int i = 0; i < 2000; i++) {
            assertThat(talk.ask("id" + i + " shop.example.com")).isEqualTo("id" + i + " 10.0.0.1:80");
        }
    }

    @Test
    void anyInputLeavesItInStep() throws Exception {
        Talk talk = resolver();
        Random random = new Random(10);
        for (int i = 0; i < 300; i++) {
            byte[] line = new byte[random.nextInt(i % 50 == 0 ? 100_000 : 200)];
            random.nextBytes(line);
            String text = "x " + new String(line, ISO_8859_1).replace('\n', ' ');
            assertThat(talk.ask(text)).as(text).isEqualTo("NULL");
        }
        assertThat(talk.ask("id1 shop.example.com")).isEqualTo("id1 10.0.0.1:80");
    }

    @Test
    void wrongUsageIsExplainedAndEndsIt() throws Exception {
        Talk talk = new Talk(Map.of(), COMMAND.toString(), "resolve", "--map", "/x");
        assertThat(talk.process.waitFor()).isEqualTo(2);
        assertThat(Files.readString(directory.resolve("error.log"))).contains("'--map'", "--maps DIR");
    }

    @Test
    void aJavaThatIsTooOldIsNamed() throws Exception {
        Path old = Files.createDirectories(directory.resolve("jdk-11/bin"));
        Files.copy(Path.of("/bin/true"), old.resolve("java"));
        Files.writeString(old.resolveSibling("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"11.0.2\"\n");
        Talk talk = new Talk(Map.of("JAVA_HOME", old.getParent().toString()), COMMAND.toString(), "--version");
        assertThat(talk.process.waitFor()).isEqualTo(2);
        assertThat(Files.readString(directory.resolve("error.log")))
                .contains("JAVA_HOME", "jdk-11", "11.0.2", "17 or newer");
    }

    private Talk resolver() throws IOException {
        return new Talk(Map.of(), COMMAND.toString(), "resolve", "--maps", maps.toString());
    }

    private void publish(String content) throws IOException {
        Path next = Files.writeString(maps.resolve(".tmp"), content);
        Files.move(next, maps.resolve("backends.map"), StandardCopyOption.ATOMIC_MOVE);
    }

    private final class Talk {
        final Process process;
        final OutputStream to;
        private final BufferedReader from;

        Talk(Map<String, String> environment, String... command) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(directory.resolve("error.log").toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            process = builder.start();
            started.add(process);
            to = process.getOutputStream();
            from = new BufferedReader(new InputStreamReader(process.getInputStream(), ISO_8859_1));
        }

        String ask(String line) throws IOException {
            to.write((line + "\n").getBytes(ISO_8859_1));
            to.flush();
            return from.readLine();
        }
    }
}
