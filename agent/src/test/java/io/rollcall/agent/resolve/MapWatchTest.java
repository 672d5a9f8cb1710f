package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapWatchTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Path maps;
    private MapWatch watch;

    @BeforeEach
    void newWatch() throws IOException {
        maps = Files.createDirectory(directory.resolve("maps"));
        watch = new MapWatch(maps, new PrintStream(log, true, UTF_8), new Random(1));
    }

    @AfterEach
    void stop() {
        watch.close();
    }

    @Test
    void whatIsPublishedBeforeTheStartIsThereAtOnce() throws Exception {
        publish("a 10.0.0.1:80\n");
        watch.refresh();
        assertThat(address("a")).isEqualTo("10.0.0.1:80");
        assertThat(log.toString(UTF_8)).isEmpty();
    }

    @Test
    void aReplacedFileIsNoticed() throws Exception {
        publish("a 10.0.0.1:80\n");
        watch.refresh();
        watch.start();
        for (int i = 2; i < 12; i++) {
            publish("a 10.0.0." + i + ":80\n");
            awaitAddress("10.0.0." + i + ":80");
        }
    }

    @Test
    void aDirectoryThatComesLaterOrIsReplacedIsFollowed() throws Exception {
        Files.delete(maps);
        watch.refresh();
        watch.start();
        assertThat(address("a")).isEqualTo("NULL");
        Files.createDirectory(maps);
        publish("a 10.0.0.1:80\n");
        awaitAddress("10.0.0.1:80");
        Files.move(maps, directory.resolve("old"));
        Files.createDirectory(maps);
        publish("a 10.0.0.2:80\n");
        awaitAddress("10.0.0.2:80");
        publish("a 10.0.0.3:80\n");
        awaitAddress("10.0.0.3:80");
    }

    @Test
    void whateverIsWrongIsLeftToHttpdsOwnMapAndSaidOnce() throws Exception {
        publish("a 10.0.0.1:80\n");
        watch.refresh();
        Files.delete(maps.resolve("backends.map"));
        watch.refresh();
        watch.refresh();
        assertThat(address("a")).isEqualTo("NULL");
        assertThat(log.toString(UTF_8).lines()).singleElement().asString().contains("no such file", "NULL");

        publish("a 10.0.0.2");
        watch.refresh();
        watch.refresh();
        assertThat(address("a")).isEqualTo("NULL");
        assertThat(log.toString(UTF_8).lines()).hasSize(2).last().asString().contains("cut short", "NULL");

        publish("a 10.0.0.2:80\nb x\n");
        watch.refresh();
        watch.refresh();
        assertThat(address("a")).isEqualTo("10.0.0.2:80");
        assertThat(log.toString(UTF_8).lines()).hasSize(3).last().asString().contains("1 left out, first b 'x'");

        publish("a 10.0.0.3:80\n");
        watch.refresh();
        assertThat(log.toString(UTF_8).lines()).hasSize(4).last().asString().contains("readable again, 1 services");
    }

    @Test
    void aTableThatIsOlderThanTheFileIsNoneUntilTheNewOneIsLoaded() throws Exception {
        publish("a 10.0.0.1:80\n");
        watch.refresh();
        for (int i = 2; i < 30; i++) {
            publish("a 10.0.0." + i + ":80\n");
            assertThat(address("a")).isEqualTo("NULL");
            watch.refresh();
            assertThat(address("a")).isEqualTo("10.0.0." + i + ":80");
        }
        assertThat(log.toString(UTF_8)).isEmpty();
    }

    @Test
    void aFileOfTheSameAgeAndSizeIsStillAnother() throws Exception {
        publish("a 10.0.0.1:80\n");
        watch.refresh();
        var age = Files.getLastModifiedTime(maps.resolve("backends.map"));
        Path next = Files.writeString(maps.resolve(".tmp"), "a 10.0.0.2:80\n");
        Files.setLastModifiedTime(next, age);
        Files.move(next, maps.resolve("backends.map"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(address("a")).isEqualTo("NULL");
        watch.refresh();
        assertThat(address("a")).isEqualTo("10.0.0.2:80");
    }

    private void publish(String content) throws IOException {
        Path next = Files.writeString(maps.resolve(".backends.map.tmp"), content);
        Files.move(next, maps.resolve("backends.map"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void awaitAddress(String address) {
        await().untilAsserted(() -> assertThat(address("a")).isEqualTo(address));
    }

    private String address(String key) {
        byte[] bytes = key.getBytes(ISO_8859_1);
        Service service = watch.get().find(bytes, 0, bytes.length);
        return service == null ? "NULL" : new String(service.next(), ISO_8859_1).strip();
    }
}
