package io.rollcall.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Order;
import io.rollcall.registry.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotFileTest {
    private static final Instance INSTANCE = new Instance(
            "shöp", "a", "10.0.0.1", 8080, "http", "/health", State.DRAINING, 3, "i", "42", "z", 5, Map.of("k", "vü"));
    private static final Order ORDER = new Order(
            Order.Action.DRAIN,
            "i",
            "10.0.0.1:8080",
            List.of(new Order.Successor("c", "j")),
            "müller",
            "now",
            Duration.ofHours(1));
    private static final Snapshot SNAPSHOT = new Snapshot(
            new Facts(
                    Roll.of(List.of(
                            new Node("shöp", "a~1", 7, 8, new Node.Content.Valid(INSTANCE)),
                            new Node("shöp", "b~1", 9, 9, new Node.Content.Malformed("port: 'ß'")))),
                    Orders.of(List.of(
                            new OrderNode(
                                    "shöp", "a", new OrderNode.Key(10, 11), 1, new OrderNode.Content.Valid(ORDER)),
                            new OrderNode(
                                    "shöp",
                                    "b",
                                    new OrderNode.Key(12, 12),
                                    0,
                                    new OrderNode.Content.Malformed("action: ''"))))),
            KnownNames.of(Map.of(
                    "here.example.com",
                    Optional.empty(),
                    "gone.example.com",
                    Optional.of(Instant.ofEpochMilli(1_700_000_000_000L)))));

    private static final Node.Content INVALID = new Node.Content.Malformed("port: ''");
    private static final Node.Content LONG = new Node.Content.Malformed("x".repeat(200_000));

    @TempDir
    private Path dir;

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        SnapshotFile file = new SnapshotFile(dir.resolve("state/snapshot.json"));
        assertThat(file.read()).isEmpty();
        file.write(SNAPSHOT);
        assertThat(file.read()).contains(SNAPSHOT);
    }

    @Test
    void aFileThatWasCutShortAnywhereIsToldFromAWholeOne() throws Exception {
        Path path = dir.resolve("snapshot.json");
        SnapshotFile file = new SnapshotFile(path);
        file.write(SNAPSHOT);
        byte[] whole = Files.readAllBytes(path);
        for (int length = 0; length < whole.length; length++) {
            Files.write(path, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(file::read)
                    .as("the first %s of %s bytes", length, whole.length)
                    .isInstanceOf(SnapshotFile.CorruptException.class);
        }
    }

    @Test
    void aWholeFileOfAnotherShapeIsNoSnapshot() throws Exception {
        Path path = dir.resolve("snapshot.json");
        for (String json : List.of("{}", "{\"services\":[{}],\"known\":{}}", "null", "{\"more\":1}")) {
            java.util.zip.CRC32 sum = new java.util.zip.CRC32();
            sum.update(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            Files.writeString(path, String.format("rollcall-snapshot 2 1\n%s %08x\n", json, sum.getValue()));
            assertThatThrownBy(new SnapshotFile(path)::read).as(json).isInstanceOf(SnapshotFile.CorruptException.class);
        }
    }

    @Test
    void ofManyNamesOnlyWhatChangesIsWrittenUntilThatIsAsLong() throws Exception {
        Path path = dir.resolve("snapshot.json");
        SnapshotFile file = new SnapshotFile(path);
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            nodes.add(new Node("name-" + i, "a~1", i, i, new Node.Content.Valid(INSTANCE)));
        }
        Snapshot now = new Snapshot(new Facts(Roll.of(nodes), Orders.NONE), SNAPSHOT.known());
        file.write(now);
        long whole = Files.size(path);
        long longest = whole;
        for (int change = 0; change < 2000; change++) {
            Roll roll = now.facts()
                    .roll()
                    .with(List.of(new Node("name-" + change % 7, "b~" + change, change, change, INVALID)));
            KnownNames known = now.known().without("gone.example.com");
            now = new Snapshot(
                    new Facts(roll, change % 2 == 0 ? SNAPSHOT.facts().orders() : Orders.NONE), known);
            file.write(now);
            longest = Math.max(longest, Files.size(path));
            if (change % 400 == 0) {
                assertThat(new SnapshotFile(path).read()).contains(now);
            }
        }
        assertThat(longest).isGreaterThan(whole * 3 / 2);
        assertThat(new SnapshotFile(path).read()).contains(now);
    }

    @Test
    void aChangeThatWasCutShortLeavesWhatWasBefore() throws Exception {
        Path path = dir.resolve("snapshot.json");
        SnapshotFile file = new SnapshotFile(path);
        Snapshot before = new Snapshot(
                new Facts(Roll.of(List.of(new Node("shop", "a", 1, 1, LONG))), Orders.NONE), KnownNames.NONE);
        file.write(before);
        long whole = Files.size(path);
        file.write(new Snapshot(
                new Facts(before.facts().roll().with(List.of(new Node("more", "b", 2, 2, INVALID))), Orders.NONE),
                KnownNames.NONE));
        byte[] both = Files.readAllBytes(path);
        assertThat(both.length).isGreaterThan((int) whole);
        for (int length = (int) whole; length < both.length; length++) {
            Files.write(path, java.util.Arrays.copyOf(both, length));
            assertThat(new SnapshotFile(path).read()).contains(before);
        }
    }

    @Test
    void aDamagedChangeLeavesTheWholeAndTheChangesBeforeIt() throws Exception {
        Path path = dir.resolve("snapshot.json");
        SnapshotFile file = new SnapshotFile(path);
        Snapshot whole = snapshot(Roll.of(List.of(new Node("shop", "a", 1, 1, LONG))));
        Snapshot once = snapshot(whole.facts().roll().with(List.of(new Node("more", "b", 2, 2, INVALID))));
        Snapshot twice = snapshot(once.facts().roll().with(List.of(new Node("more", "c", 3, 3, INVALID))));
        file.write(whole);
        long first = Files.size(path);
        file.write(once);
        long second = Files.size(path);
        file.write(twice);
        byte[] all = Files.readAllBytes(path);
        assertThat(all.length).isGreaterThan((int) second);

        all[(int) second + 20] ^= 1;
        Files.write(path, all);
        assertThat(new SnapshotFile(path).read()).contains(once);
        all[(int) first + 20] ^= 1;
        Files.write(path, all);
        SnapshotFile read = new SnapshotFile(path);
        assertThat(read.read()).contains(whole);

        read.write(SNAPSHOT);
        assertThat(new SnapshotFile(path).read())
                .as("what is written after that")
                .contains(SNAPSHOT);
        all[(int) first / 2] ^= 1;
        Files.write(path, all);
        assertThatThrownBy(file::read).isInstanceOf(SnapshotFile.CorruptException.class);
    }

    private static Snapshot snapshot(Roll roll) {
        return new Snapshot(new Facts(roll, Orders.NONE), KnownNames.NONE);
    }

    @Test
    void aChangedByteIsNoticed() throws Exception {
        Path path = dir.resolve("snapshot.json");
        SnapshotFile file = new SnapshotFile(path);
        file.write(SNAPSHOT);
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length / 2] ^= 1;
        Files.write(path, bytes);
        assertThatThrownBy(file::read).isInstanceOf(SnapshotFile.CorruptException.class);
        assertThat(file.setAside()).exists();
        assertThat(file.read()).isEmpty();
    }
}
