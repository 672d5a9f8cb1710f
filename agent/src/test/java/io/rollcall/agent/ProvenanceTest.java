package io.rollcall.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.publish.Publisher;
import io.rollcall.agent.publish.Snapshot;
import io.rollcall.agent.publish.SnapshotFile;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that is killed at any moment, again and again. */
final class ProvenanceTest {
    @TempDir
    private Path dir;

    private final Random random = new Random(7);
    private Snapshot published = snapshot(0); // what the maps were last begun to be made of

    @Test
    void aMarkNeverNamesASnapshotThatTheMapsAreNotMadeOf() throws Exception {
        int permitted = 0;
        for (int life = 0; life < 300; life++) {
            SnapshotFile file = new SnapshotFile(dir.resolve("state/snapshot.json"));
            Optional<Snapshot> start = file.read();
            try (Publisher publisher = new Publisher(dir.resolve("maps"), 10)) {
                Provenance provenance = new Provenance(publisher, start, file.sum());
                if (provenance.permits(false) && start.isPresent()) {
                    permitted++;
                    assertThat(start.get()).isEqualTo(published);
                }
                live(publisher, provenance, file, random.nextInt(12));
            }
        }
        assertThat(permitted).as("lives that went on from a snapshot").isBetween(50, 290);
    }

    @Test
    void whereTheHashedMapIsLostTheSnapshotIsBetterThanTheRestOfTheText() throws Exception {
        Path maps = Files.createDirectories(dir.resolve("maps"));
        Files.writeString(
                maps.resolve("backends.map"), "# What changed since names.pag was written, which has the others.\n");
        Files.createFile(maps.resolve("names.dir"));
        Files.createFile(maps.resolve("names.pag"));
        try (Publisher publisher = new Publisher(maps, 10)) {
            assertThat(new Provenance(publisher, Optional.of(snapshot(1)), "1 1").permits(false))
                    .isFalse();
            Files.delete(maps.resolve("names.pag"));
            assertThat(new Provenance(publisher, Optional.of(snapshot(1)), "1 1").permits(false))
                    .isTrue();
            assertThat(new Provenance(publisher, Optional.empty(), "").permits(false))
                    .as("nothing better is known")
                    .isFalse();
            Files.writeString(maps.resolve("backends.map"), "shop.example.com 10.0.0.1:80\n");
            assertThat(new Provenance(publisher, Optional.of(snapshot(1)), "1 1").permits(false))
                    .as("the text has all")
                    .isFalse();
        }
    }

    private void live(Publisher publisher, Provenance provenance, SnapshotFile file, int steps) throws Exception {
        Optional<Snapshot> saved = Optional.empty();
        for (int step = 0; step < steps; step++) {
            if (step == 0 || random.nextInt(3) == 0) {
                assertThat(provenance.permits(true)).isTrue();
                Snapshot next = snapshot(random.nextInt(4));
                provenance.begin(next);
                published = next;
                if (random.nextInt(5) == 0) {
                    continue; // it cannot be written
                }
                publisher.publish(View.EMPTY);
                provenance.end(next);
            } else if (random.nextBoolean()) {
                file.write(published);
                saved = Optional.of(published);
            } else {
                saved.ifPresent(snapshot -> provenance.saved(snapshot, file.sum()));
            }
        }
    }

    private static Snapshot snapshot(int number) {
        Node node = new Node("shop", "b" + number, 1, 1, new Node.Content.Malformed("x".repeat(40)));
        return new Snapshot(new Facts(Roll.of(List.of(node)), Orders.NONE), KnownNames.NONE);
    }
}
