package io.rollcall.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hashed map cannot be written, or is not what it was. */
final class HashingFailuresTest {
    @TempDir
    private Path dir;

    private HashingSite site;

    @BeforeEach
    void site() {
        site = new HashingSite(dir);
    }

    @Test
    void theTextHasEverythingThatCouldNotBeHashedAndThatIsTriedAgainOnceASecond() throws IOException {
        Publisher publisher = site.publisher();
        site.publish(publisher);
        site.some(1000);
        Files.createDirectory(dir.resolve(".names.pag.new"));
        Files.writeString(dir.resolve(".names.pag.new/x"), "in the way");
        site.publish(publisher);
        for (int attempt = 0; attempt < 4; attempt++) {
            site.put("n4.example.com", 40 + attempt);
            publisher.publish(site.view());
            assertThat(site.background).as("no attempt before its time").isEmpty();
            assertThat(publisher.unhashed()).isNotEmpty();
            assertThat(site.wrong()).isEmpty();
            assertThat(site.lookedUp()).hasSize(1000);

            site.passes(Duration.ofSeconds(1));
            publisher.publish(site.view());
            assertThat(site.background).as("an attempt").hasSize(1);
            while (!site.background.isEmpty()) {
                assertThat(publisher.unhashed())
                        .as("as long as it is not written")
                        .isNotEmpty();
                site.background.remove().run();
                publisher.publish(site.view());
            }
        }

        Files.delete(dir.resolve(".names.pag.new/x"));
        Files.delete(dir.resolve(".names.pag.new"));
        site.publish(publisher);
        assertThat(publisher.unhashed()).isEmpty();
        assertThat(site.wrong()).isEmpty();
        assertThat(site.lookedUp()).hasSize(1000);
        assertThat(site.text()).containsOnlyKeys("n4.example.com");
    }

    @Test
    void nothingIsLeftOfTheMapOfAnotherProcessThoughTheFirstAttemptFailed() throws IOException {
        site.some(1000);
        try (Publisher before = site.publisher()) {
            site.publish(before);
        }
        site.services.clear();
        site.some(200);
        Files.createDirectories(dir.resolve(".names.pag.new/x"));
        try (Publisher next = site.publisher()) {
            next.publish(site.view());
            assertThat(next.unhashed()).isNotEmpty();
            Files.delete(dir.resolve(".names.pag.new/x"));
            Files.delete(dir.resolve(".names.pag.new"));
            site.publish(next);
            assertThat(next.unhashed()).isEmpty();
            assertThat(site.wrong()).isEmpty();
            assertThat(site.lookedUp()).hasSize(200);
        }
    }

    @Test
    void wherePagesCannotBeChangedInASecondFileAllAreWritten() throws IOException {
        Publisher publisher = site.publisher();
        site.some(1000);
        site.publish(publisher);
        Files.createDirectories(dir.resolve(".names.pag.was/x"));
        for (int i = 0; i < 3; i++) {
            int backend = 300 + i;
            site.put(20, 40, backend);
            site.publish(publisher);
            site.publish(publisher);
            assertThat(site.wrong()).isEmpty();
            if (i == 1) {
                Files.delete(dir.resolve(".names.pag.was/x"));
                Files.delete(dir.resolve(".names.pag.was"));
            }
        }
        assertThat(site.text()).isEmpty();
        assertThat(publisher.unhashed()).isEmpty();
    }

    /** Its pages are there many times over then, which goes with no edit of a few. */
    @Test
    void allIsWrittenAgainAfterItCouldNotBeMadeDeeperHoweverLongAgoAndHoweverLittleChanged() throws IOException {
        Publisher publisher = site.publisher();
        site.some(1000);
        site.publish(publisher);
        Files.createDirectories(dir.resolve(".names.dir.new/x"));
        for (int names = 1000; publisher.unhashed().isEmpty() && names < 4000; names += 15) {
            site.put(names, names + 15, 7);
            site.publish(publisher);
        }
        assertThat(publisher.unhashed()).contains(".names.dir.new");
        assertThat(site.wrong()).isEmpty();

        Files.delete(dir.resolve(".names.dir.new/x"));
        Files.delete(dir.resolve(".names.dir.new"));
        site.passes(Duration.ofHours(1));
        site.publish(publisher);
        assertThat(publisher.unhashed()).isEmpty();
        assertThat(site.text()).isEmpty();
        assertThat(site.wrong()).isEmpty();
    }

    @Test
    void aHashedMapThatSomebodyRemovedIsWrittenAgain() throws IOException {
        Publisher publisher = site.publisher();
        site.some(1000);
        site.publish(publisher);
        Files.delete(dir.resolve("names.dir"));

        publisher.publish(site.view());

        assertThat(site.wrong()).isEmpty();
        assertThat(PerlReader.lookUp(dir.resolve("names"), site.services.keySet()))
                .hasSize(1000);
    }
}
