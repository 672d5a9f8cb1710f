package io.rollcall.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text and hashed map together, read as httpd reads them: first the one, then the other. */
final class HashingTest {
    @TempDir
    private Path dir;

    private HashingSite site;

    @BeforeEach
    void site() {
        site = new HashingSite(dir);
    }

    @Test
    void whateverChangesWhenEveryLookupGivesWhatWasPublishedLast() throws IOException {
        site.asked = 400;
        Random random = new Random(7);
        Publisher publisher = site.publisher();
        int rewritten = 0;
        for (int round = 0; round < 400; round++) {
            for (int i = random.nextInt(12); i >= 0; i--) {
                site.change("n" + random.nextInt(400) + ".example.com", random);
            }
            site.passes(Duration.ofMillis(random.nextInt(900)));
            publisher.publish(site.view());
            assertThat(site.wrong()).isEmpty();
            if (random.nextInt(3) == 0 && !site.background.isEmpty()) {
                site.background.remove().run(); // and nobody publishes at once
                rewritten++;
                assertThat(site.wrong()).isEmpty();
            }
        }
        assertThat(rewritten).isGreaterThan(20);
    }

    @Test
    void aFewServicesStandInTheTextAloneAndManyInTheHashedMap() throws IOException {
        Publisher publisher = site.publisher();
        site.some(50);
        publisher.publish(site.view());
        assertThat(site.text()).hasSize(50);
        assertThat(site.hashed("n1.example.com")).isNull();

        site.some(5000);
        site.publish(publisher);
        assertThat(site.text()).isEmpty();
        assertThat(site.wrong()).isEmpty();
        assertThat(site.lookedUp()).hasSize(5000);

        site.put("n7.example.com", 4, 9);
        site.publish(publisher);
        assertThat(site.text()).containsOnlyKeys("n7.example.com");
        assertThat(site.wrong()).isEmpty();

        site.services.keySet().removeIf(name -> name.length() > "n1.example.com".length());
        site.publish(publisher);
        site.passes(Duration.ofMinutes(1));
        site.publish(publisher);
        assertThat(site.text()).hasSize(10);
        assertThat(site.wrong()).isEmpty();
        assertThat(site.lookedUp()).hasSize(10);
    }

    @Test
    void aPublisherThatFindsTheMapsOfAnotherMakesThemItsOwn() throws IOException {
        site.some(5000);
        try (Publisher before = site.publisher()) {
            site.publish(before);
        }
        site.services.remove("n3.example.com");
        site.put("n4.example.com", 40);

        try (Publisher next = site.publisher()) {
            next.publishMissing(View.EMPTY);
            assertThat(site.lookedUp()).hasSize(5000);
            next.publish(site.view());
            assertThat(site.wrong()).isEmpty();
            assertThat(site.lookedUp()).hasSize(4999);
        }
    }

    @Test
    void aNameThatIsForgottenIsUnknownSoon() throws IOException {
        Publisher publisher = site.publisher();
        site.some(1000);
        site.publish(publisher);

        site.services.remove("n3.example.com");
        publisher.publish(site.view());
        assertThat(site.lookedUp().get("n3.example.com")).isEmpty();
        site.publish(publisher);
        assertThat(site.lookedUp()).doesNotContainKey("n3.example.com");
    }

    /** Else the next change would wait as if somebody's requests had just gone elsewhere. */
    @Test
    void whatMovesFromTheTextToTheHashedMapIsNoChangeOfRouting() throws IOException {
        Publisher publisher = site.publisher();
        site.some(1000);
        site.publish(publisher);
        site.put(0, 20, 7);
        site.passes(Duration.ofMinutes(1));
        View moved = site.view();
        assertThat(publisher.publish(moved)).isEqualTo(Publisher.Change.ROUTING);
        publisher.publish(moved); // the successors of those that are gone
        String before = Files.readString(dir.resolve("backends.map"));
        assertThat(site.background).isNotEmpty();
        while (!site.background.isEmpty()) {
            site.background.remove().run();
            assertThat(publisher.publish(moved)).isNotEqualTo(Publisher.Change.ROUTING);
        }
        assertThat(Files.readString(dir.resolve("backends.map"))).hasSizeLessThan(before.length());
    }

    @Test
    void whatMovesToTheHashedMapHasItsSuccessorsAsLongAsTheTextThatNamesIt() throws IOException {
        Publisher publisher = site.publisher();
        site.some(500);
        site.passes(Duration.ofMinutes(1));
        publisher.publish(site.view());
        while (!site.background.isEmpty()) {
            site.background.remove().run();
            String text = Files.readString(dir.resolve("backends.map"));
            publisher.publish(site.view());
            if (text.contains("n5.example.com")) {
                // Between the two renames httpd has the text of before and these successors.
                assertThat(Files.readString(dir.resolve("successors.map"))).contains("n5.example.com/");
            }
        }
        assertThat(site.text()).isEmpty();
        publisher.publish(site.view());
        assertThat(Files.readString(dir.resolve("successors.map"))).doesNotContain("n5.example.com/");
    }

    /** While very many names come at once it is busy for seconds, just when the text grows. */
    @Test
    void whatWaitsForThePublishingThreadIsNoTimeOfWriting() throws IOException {
        Publisher publisher = site.publisher();
        site.some(1000);
        site.publish(publisher);
        site.some(2000);
        publisher.publish(site.view());
        while (!site.background.isEmpty()) {
            site.background.remove().run();
            site.passes(Duration.ofSeconds(10));
            publisher.publish(site.view());
        }
        site.some(3000);
        site.passes(Duration.ofSeconds(2));
        publisher.publish(site.view());
        assertThat(site.background).isNotEmpty();
    }

    @Test
    void theLongerTheTextTheSoonerItIsRelieved() throws IOException {
        Publisher publisher = site.publisher();
        site.some(1000);
        site.publish(publisher);
        site.some(2000);
        publisher.publish(site.view());
        while (!site.background.isEmpty()) {
            site.runs(Duration.ofSeconds(10)); // twice
            publisher.publish(site.view());
        }
        assertThat(site.text()).isEmpty();

        site.some(3000);
        site.passes(Duration.ofSeconds(50));
        publisher.publish(site.view());
        assertThat(site.background).isEmpty();

        site.some(9000);
        publisher.publish(site.view());
        assertThat(site.background).isNotEmpty();
    }
}
