package io.rollcall.agent.publish;

import static io.rollcall.agent.publish.LinesTest.backend;
import static io.rollcall.agent.publish.LinesTest.service;
import static io.rollcall.agent.publish.LinesTest.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rollcall.agent.publish.Publisher.Change;
import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublisherTest {
    private static final View SHOP = view(service("shop.example.com", true, backend(1, 1)));
    private static final View BLOG = view(service("blog.example.com", true, backend(1, 1)));

    @TempDir
    private Path dir;

    @Test
    void aViewBecomesFilesThatEveryoneMayRead() throws IOException {
        assertThat(publisher().publish(SHOP)).isEqualTo(Change.ROUTING);
        for (String file :
                new String[] {"backends.map", "successors.map", "dice.map", "workers.conf", "names.dir", "names.pag"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(file))))
                    .isEqualTo("rw-r--r--");
        }
        assertThat(map("backends.map")).contains("shop.example.com 10.0.0.1:8080\n");
        assertThat(map("workers.conf")).contains("ProxyPass \"rollcall\" \"http://10.0.0.1:8080\" ");
        assertThat(dir).isDirectoryNotContaining("glob:**/.*.new");
    }

    @Test
    void anUnchangedViewIsNotWritten() throws IOException {
        Publisher publisher = publisher();
        publisher.publish(SHOP);
        Object before = Files.getAttribute(dir.resolve("backends.map"), "unix:ino");
        FileTime time = Files.getLastModifiedTime(dir.resolve("backends.map"));
        assertThat(publisher.publish(SHOP)).isEqualTo(Change.NONE);
        assertThat(Files.getAttribute(dir.resolve("backends.map"), "unix:ino")).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(dir.resolve("backends.map"))).isEqualTo(time);
    }

    @Test
    void timesIncreaseEvenWhenTheClockIsBehind() throws IOException {
        Publisher publisher = publisher();
        publisher.publish(SHOP);
        FileTime future = FileTime.from(Instant.now().plus(Duration.ofHours(1)));
        Files.setLastModifiedTime(dir.resolve("backends.map"), future);
        publisher.publish(BLOG);
        FileTime published = Files.getLastModifiedTime(dir.resolve("backends.map"));
        assertThat(published).isGreaterThan(future);
        publisher.touch();
        assertThat(Files.getLastModifiedTime(dir.resolve("backends.map"))).isGreaterThan(published);
    }

    @Test
    void aFileThatSomebodyRemovedIsWrittenAgain() throws IOException {
        Publisher publisher = publisher();
        publisher.publish(SHOP);
        Files.delete(dir.resolve("backends.map"));
        assertThat(publisher.publish(SHOP)).isEqualTo(Change.ROUTING);
        assertThat(map("backends.map")).contains("shop.example.com");
    }

    @Test
    void beforeAnythingIsKnownMapsFromBeforeStay() throws IOException {
        publishAndClose(SHOP);
        assertThat(publisher().publishMissing(View.EMPTY)).isEqualTo(Change.NONE);
        assertThat(map("backends.map")).contains("shop.example.com");
    }

    @Test
    void beforeAnythingIsKnownMissingMapsAreMadeBecauseHttpdNeedsThem() throws IOException {
        assertThat(publisher().publishMissing(View.EMPTY)).isEqualTo(Change.ROUTING);
        assertThat(dir.resolve("backends.map")).exists();
    }

    @Test
    void mapsFromBeforeOfWhichOneIsMissingAreMadeWhole() throws IOException {
        publishAndClose(SHOP);
        Files.delete(dir.resolve("successors.map"));
        Files.delete(dir.resolve("dice.map"));
        Publisher restarted = publisher();
        assertThat(restarted.publishMissing(View.EMPTY)).isEqualTo(Change.BESIDE);
        assertThat(map("backends.map")).contains("shop.example.com");
        assertThat(map("successors.map")).startsWith("#");
        restarted.touch();
        assertThat(restarted.publishMissing(View.EMPTY)).isEqualTo(Change.NONE);
    }

    @Test
    void whatCannotBeWrittenIsAnErrorAndWrittenLater() throws IOException {
        Path blocked = dir.resolve("maps");
        Files.writeString(blocked, "a file where the directory should be");
        Publisher publisher = new Publisher(blocked, 10);
        assertThatThrownBy(() -> publisher.publish(SHOP)).isInstanceOf(IOException.class);
        Files.delete(blocked);
        assertThat(publisher.publish(SHOP)).isEqualTo(Change.ROUTING);
    }

    private void publishAndClose(View view) throws IOException {
        try (Publisher publisher = publisher()) {
            publisher.publish(view);
        }
    }

    private Publisher publisher() {
        return new Publisher(dir, 10);
    }

    private String map(String name) throws IOException {
        return Files.readString(dir.resolve(name));
    }
}
