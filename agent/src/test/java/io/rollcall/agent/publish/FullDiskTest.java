package io.rollcall.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rollcall.agent.publish.Publisher.Change;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a disk of its own that can really be full. */
final class FullDiskTest {
    @TempDir
    private Path dir;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(dir.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()), "tmpfs may be mounted");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    @Test
    void theLastGoodMapsStayAndTheNextAreWrittenWhenThereIsSpaceAgain() throws IOException {
        Publisher publisher = new Publisher(disk, 10);
        publisher.publish(view(1));
        fill();
        assertThatThrownBy(() -> publisher.publish(view(2))).hasMessageContaining("No space left");
        assertThat(Files.readString(disk.resolve("backends.map"))).contains("shop.example.com 10.0.0.1:8080\n");
        assertThat(disk).isDirectoryNotContaining("glob:**/.*.new");
        publisher.touch();
        Files.delete(disk.resolve("filler"));
        assertThat(publisher.publish(view(2))).isEqualTo(Change.ROUTING);
        assertThat(Files.readString(disk.resolve("backends.map"))).contains("shop.example.com 10.0.0.2:8080\n");
    }

    @Test
    void aHashedMapThatHasNoRoomIsAProblemUntilItIsWritten() throws IOException {
        AtomicLong now = new AtomicLong();
        Publisher publisher =
                new Publisher(disk, WorkersConf.upTo(10), Runnable::run, () -> {}, Duration.ZERO, now::get);
        publisher.publish(view(1));
        fill();
        // Room for the text of 600 names, not for their pages.
        try (FileChannel filler = FileChannel.open(disk.resolve("filler"), StandardOpenOption.WRITE)) {
            filler.truncate(filler.size() - 44_000);
        }
        for (int second = 0; second < 3; second++) {
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            publisher.publish(many(600));
            assertThat(publisher.unhashed()).contains("No space left");
            assertThat(Files.readString(disk.resolve("backends.map"))).contains(name(599) + " 10.0.2.87:8080\n");
        }
        Files.delete(disk.resolve("filler"));
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        publisher.publish(many(600));
        assertThat(publisher.unhashed()).isEmpty();
        assertThat(Files.readString(disk.resolve("backends.map"))).doesNotContain(name(599));
    }

    @Test
    void anAgentThatStartsWithoutRoomForTheHashedMapPublishesTheText() throws IOException {
        try (Publisher before = new Publisher(disk, 10)) {
            before.publish(view(1));
        }
        fill();
        try (FileChannel filler = FileChannel.open(disk.resolve("filler"), StandardOpenOption.WRITE)) {
            filler.truncate(filler.size() - 110_000);
        }
        try (Publisher publisher = new Publisher(disk, 10)) {
            publisher.publish(many(1500));
            assertThat(publisher.unhashed()).contains("No space left");
            assertThat(Files.readString(disk.resolve("backends.map"))).contains(name(599) + " 10.0.2.87:8080\n");
        }
    }

    @Test
    void halfASnapshotDoesNotKeepTheDiskFull() throws Exception {
        SnapshotFile file = new SnapshotFile(disk.resolve("snapshot.json"));
        file.write(snapshot("small"));
        assertThatThrownBy(() -> file.write(snapshot("x".repeat(400_000)))).hasMessageContaining("No space left");
        assertThat(disk).isDirectoryNotContaining("glob:**/.*");
        assertThat(file.read()).contains(snapshot("small"));
    }

    private static View view(int i) {
        return LinesTest.view(LinesTest.service("shop.example.com", true, LinesTest.backend(i, 1)));
    }

    private static View many(int count) {
        return LinesTest.view(IntStream.range(0, count)
                .mapToObj(i -> LinesTest.service(name(i), true, LinesTest.backend(i, 1)))
                .toArray(Service[]::new));
    }

    /** The format's hash spreads these well, so that their pages are few. */
    private static String name(int i) {
        return Integer.toHexString(i * 0x9E3779B1) + ".example.com";
    }

    private static Snapshot snapshot(String reason) {
        Node node = new Node("shop", "a", 1, 1, new Node.Content.Malformed(reason));
        return new Snapshot(new Facts(Roll.of(List.of(node)), Orders.NONE), KnownNames.NONE);
    }

    private void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(disk.resolve("filler"))) {
            while (true) {
                out.write(new byte[512]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }
}
