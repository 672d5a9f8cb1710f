package io.rollcall.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Few changes are made in a second file, which then changes places with the map. */
final class HashingBesideTest {
    @TempDir
    private Path dir;

    private HashingSite site;

    @BeforeEach
    void site() {
        site = new HashingSite(dir);
    }

    @Test
    void fewChangesAreMadeInAFileThatChangesPlacesWithTheMapAndEveryLookupGivesWhatWasPublishedLast()
            throws IOException {
        site.asked = 2000;
        Random random = new Random(7);
        Publisher publisher = site.publisher();
        site.some(2000);
        site.publish(publisher);
        int turned = 0;
        for (int round = 0; round < 120; round++) {
            for (int i = random.nextInt(12); i >= 0; i--) {
                site.change("n" + random.nextInt(2000) + ".example.com", random);
            }
            site.passes(Duration.ofMillis(random.nextInt(1500)));
            publisher.publish(site.view());
            assertThat(site.wrong()).isEmpty();
            if (!site.background.isEmpty()) {
                Object before = site.inode("names.pag");
                site.background.remove().run(); // and nobody publishes at once
                turned += !site.inode("names.pag").equals(before)
                                && site.inode(".names.pag.beside").equals(before)
                        ? 1
                        : 0;
                assertThat(site.wrong()).isEmpty();
            }
        }
        assertThat(turned).isGreaterThan(10);
        site.publish(publisher);
        assertThat(site.text()).hasSizeLessThan(20);
    }

    /** Who opened the map before it changed places a moment ago must not see its pages change. */
    @Test
    void whatIsForgottenAtOnceIsNotTakenOutOfAFileThatWasTheMapAMomentAgo() throws IOException {
        Publisher publisher = site.publisher();
        site.some(1000);
        site.publish(publisher);
        site.put(20, 40, 7);
        site.publish(publisher);
        Path open = Files.createLink(dir.resolve("open"), dir.resolve(".names.pag.beside"));
        byte[] then = Files.readAllBytes(open);

        site.services.remove("n3.example.com");
        publisher.publish(site.view());
        while (!site.background.isEmpty()) {
            site.background.remove().run();
            publisher.publish(site.view());
        }
        assertThat(site.lookedUp()).doesNotContainKey("n3.example.com");
        assertThat(Files.readAllBytes(open)).isEqualTo(then);
    }

    @Test
    void aFileBesideTheMapThatSomebodyRemovedIsMadeAnew() throws IOException {
        Publisher publisher = site.publisher();
        site.some(1000);
        site.publish(publisher);
        for (int i = 0; i < 10; i++) {
            int first = 100 * i;
            site.put(first + 20, first + 30, first);
            site.publish(publisher);
            assertThat(site.text()).isEmpty();
            assertThat(site.wrong()).isEmpty();
            assertThat(Files.deleteIfExists(dir.resolve(".names.pag.beside"))).isTrue();
        }
    }
}
