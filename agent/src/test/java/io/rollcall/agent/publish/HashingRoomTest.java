package io.rollcall.agent.publish;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that are large, or have no room in the hashed map. */
final class HashingRoomTest {
    @TempDir
    private Path dir;

    private HashingSite site;

    @BeforeEach
    void site() {
        site = new HashingSite(dir);
    }

    @Test
    void aLargeServiceHasItsLinesAndSuccessorsInTheHashedMap() throws IOException {
        Publisher publisher = site.publisher();
        site.some(500);
        site.put("big.example.com", IntStream.range(1, 501).toArray());
        site.publish(publisher);
        assertThat(site.text()).isEmpty();
        assertThat(site.wrong()).isEmpty();
        assertThat(site.hashed("big.example.com/10.0.0.7:8080")).isEqualTo("10.0.0.70:8080");

        // Who has just rolled a die of the hashed map finds the first line of the text, not an old one.
        site.put("big.example.com", 501, 502);
        publisher.publish(site.view());
        assertThat(site.text()).containsEntry("big.example.com/1", "10.0.1.245:8080|10.0.1.246:8080");
    }

    @Test
    void nothingIsLeftOfAForgottenServiceThatHadNoRoomForAllItsLines() throws IOException {
        Publisher publisher = site.publisher();
        site.some(500);
        List<String> names = crowd();
        names.forEach(this::sixty);
        site.publish(publisher);
        List<String> leftOut = names.stream().filter(site.text()::containsKey).toList();
        assertThat(leftOut).isNotEmpty().hasSizeLessThan(names.size());

        leftOut.forEach(site.services::remove);
        site.publish(publisher);
        for (String name : leftOut) {
            assertThat(site.text()).doesNotContainKey(name);
            assertThat(site.hashed(name)).isNull();
        }
    }

    @Test
    void whatFoundNoRoomAtTheStartDoesNotKeepTheMapFromBeingWrittenAgain() throws IOException {
        site.passes(Duration.ofDays(100)); // as on a machine that runs that long
        Publisher publisher = site.publisher();
        site.some(500);
        crowd().forEach(this::sixty);
        site.publish(publisher);
        assertThat(site.text()).isNotEmpty().hasSizeLessThan(100);
        assertThat(site.hashed("n5.example.com")).isNotNull();

        site.put(0, 300, 7, 9);
        site.publish(publisher);
        site.publish(publisher); // the first had successors of those that were gone, which the text has once
        assertThat(publisher.unhashed()).isEmpty();
        assertThat(site.text()).hasSizeLessThan(100);
    }

    /** Names whose second lines have no room on one page. */
    private static List<String> crowd() {
        return IntStream.range(0, 40_000)
                .mapToObj(i -> "big" + i + ".example.com")
                .filter(name -> (hash(name + "/2") & 0xfff) == 0x123)
                .limit(6)
                .toList();
    }

    private void sixty(String name) {
        site.put(name, IntStream.range(0, 60).toArray());
    }

    private static int hash(String key) {
        int hash = 0;
        for (byte each : key.getBytes(US_ASCII)) {
            hash = each + 65599 * hash;
        }
        return hash;
    }
}
