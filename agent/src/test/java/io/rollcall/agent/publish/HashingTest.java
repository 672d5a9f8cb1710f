package io.rollcall.agent.publish;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.sdbm.SdbmReader;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing;
import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text and hashed map together, read as httpd reads them: first the one, then the other. */
final class HashingTest {
    @TempDir
    private Path dir;

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final Map<String, Service> services = new TreeMap<>();
    private long now;
    private int asked = 5000;

    @Test
    void whateverChangesWhenEveryLookupGivesWhatWasPublishedLast() throws IOException {
        asked = 400;
        Random random = new Random(7);
        Publisher publisher = publisher();
        int rewritten = 0;
        for (int round = 0; round < 400; round++) {
            for (int i = random.nextInt(12); i >= 0; i--) {
                change("n" + random.nextInt(400) + ".example.com", random);
            }
            now += Duration.ofMillis(random.nextInt(900)).toNanos();
            publisher.publish(view());
            assertThat(wrong()).isEmpty();
            if (random.nextInt(3) == 0 && !background.isEmpty()) {
                background.remove().run(); // and nobody publishes at once
                rewritten++;
                assertThat(wrong()).isEmpty();
            }
        }
        assertThat(rewritten).isGreaterThan(20);
    }

    @Test
    void fewChangesAreMadeInAFileThatChangesPlacesWithTheMapAndEveryLookupGivesWhatWasPublishedLast()
            throws IOException {
        asked = 2000;
        Random random = new Random(7);
        Publisher publisher = publisher();
        some(2000);
        publish(publisher);
        int turned = 0;
        for (int round = 0; round < 120; round++) {
            for (int i = random.nextInt(12); i >= 0; i--) {
                change("n" + random.nextInt(2000) + ".example.com", random);
            }
            now += Duration.ofMillis(random.nextInt(1500)).toNanos();
            publisher.publish(view());
            assertThat(wrong()).isEmpty();
            if (!background.isEmpty()) {
                Object before = inode("names.pag");
                background.remove().run(); // and nobody publishes at once
                turned += !inode("names.pag").equals(before)
                                && inode(".names.pag.beside").equals(before)
                        ? 1
                        : 0;
                assertThat(wrong()).isEmpty();
            }
        }
        assertThat(turned).isGreaterThan(10);
        publish(publisher);
        assertThat(text()).hasSizeLessThan(20);
    }

    @Test
    void wherePagesCannotBeChangedInASecondFileAllAreWritten() throws IOException {
        Publisher publisher = publisher();
        some(1000);
        publish(publisher);
        Files.createDirectories(dir.resolve(".names.pag.was/x"));
        for (int i = 0; i < 3; i++) {
            int backend = 300 + i;
            IntStream.range(20, 40)
                    .forEach(n -> services.put("n" + n + ".example.com", service("n" + n + ".example.com", backend)));
            publish(publisher);
            publish(publisher);
            assertThat(wrong()).isEmpty();
            if (i == 1) {
                Files.delete(dir.resolve(".names.pag.was/x"));
                Files.delete(dir.resolve(".names.pag.was"));
            }
        }
        assertThat(text()).isEmpty();
        assertThat(publisher.unhashed()).isEmpty();
    }

    @Test
    void nothingIsLeftOfTheMapOfAnotherProcessThoughTheFirstAttemptFailed() throws IOException {
        some(1000);
        try (Publisher before = publisher()) {
            publish(before);
        }
        services.clear();
        some(200);
        Files.createDirectories(dir.resolve(".names.pag.new/x"));
        try (Publisher next = publisher()) {
            next.publish(view());
            assertThat(next.unhashed()).isNotEmpty();
            Files.delete(dir.resolve(".names.pag.new/x"));
            Files.delete(dir.resolve(".names.pag.new"));
            publish(next);
            assertThat(next.unhashed()).isEmpty();
            assertThat(wrong()).isEmpty();
            assertThat(lookedUp()).hasSize(200);
        }
    }

    /** Who opened the map before it changed places a moment ago must not see its pages change. */
    @Test
    void whatIsForgottenAtOnceIsNotTakenOutOfAFileThatWasTheMapAMomentAgo() throws IOException {
        Publisher publisher = publisher();
        some(1000);
        publish(publisher);
        IntStream.range(20, 40)
                .forEach(n -> services.put("n" + n + ".example.com", service("n" + n + ".example.com", 7)));
        publish(publisher);
        Path open = Files.createLink(dir.resolve("open"), dir.resolve(".names.pag.beside"));
        byte[] then = Files.readAllBytes(open);

        services.remove("n3.example.com");
        publisher.publish(view());
        while (!background.isEmpty()) {
            background.remove().run();
            publisher.publish(view());
        }
        assertThat(lookedUp()).doesNotContainKey("n3.example.com");
        assertThat(Files.readAllBytes(open)).isEqualTo(then);
    }

    /** Else the next change would wait as if somebody's requests had just gone elsewhere. */
    @Test
    void whatMovesFromTheTextToTheHashedMapIsNoChangeOfRouting() throws IOException {
        Publisher publisher = publisher();
        some(1000);
        publish(publisher);
        IntStream.range(0, 20)
                .forEach(n -> services.put("n" + n + ".example.com", service("n" + n + ".example.com", 7)));
        now += Duration.ofMinutes(1).toNanos();
        View moved = view();
        assertThat(publisher.publish(moved)).isEqualTo(Publisher.Change.ROUTING);
        publisher.publish(moved); // the successors of those that are gone
        String before = Files.readString(dir.resolve("backends.map"));
        assertThat(background).isNotEmpty();
        while (!background.isEmpty()) {
            background.remove().run();
            assertThat(publisher.publish(moved)).isNotEqualTo(Publisher.Change.ROUTING);
        }
        assertThat(Files.readString(dir.resolve("backends.map"))).hasSizeLessThan(before.length());
    }

    private Object inode(String file) throws IOException {
        return Files.exists(dir.resolve(file)) ? Files.getAttribute(dir.resolve(file), "unix:ino") : "none";
    }

    @Test
    void aFileBesideTheMapThatSomebodyRemovedIsMadeAnew() throws IOException {
        Publisher publisher = publisher();
        some(1000);
        publish(publisher);
        for (int i = 0; i < 10; i++) {
            int first = 100 * i;
            IntStream.range(first + 20, first + 30)
                    .forEach(n -> services.put("n" + n + ".example.com", service("n" + n + ".example.com", first)));
            publish(publisher);
            assertThat(text()).isEmpty();
            assertThat(wrong()).isEmpty();
            assertThat(Files.deleteIfExists(dir.resolve(".names.pag.beside"))).isTrue();
        }
    }

    @Test
    void aFewServicesStandInTheTextAloneAndManyInTheHashedMap() throws IOException {
        Publisher publisher = publisher();
        some(50);
        publisher.publish(view());
        assertThat(text()).hasSize(50);
        assertThat(hashed("n1.example.com")).isNull();

        some(5000);
        publish(publisher);
        assertThat(text()).isEmpty();
        assertThat(wrong()).isEmpty();
        assertThat(lookedUp()).hasSize(5000);

        services.put("n7.example.com", service("n7.example.com", 4, 9));
        publish(publisher);
        assertThat(text()).containsOnlyKeys("n7.example.com");
        assertThat(wrong()).isEmpty();

        services.keySet().removeIf(name -> name.length() > "n1.example.com".length());
        publish(publisher);
        now += Duration.ofMinutes(1).toNanos();
        publish(publisher);
        assertThat(text()).hasSize(10);
        assertThat(wrong()).isEmpty();
        assertThat(lookedUp()).hasSize(10);
    }

    @Test
    void aPublisherThatFindsTheMapsOfAnotherMakesThemItsOwn() throws IOException {
        some(5000);
        try (Publisher before = publisher()) {
            publish(before);
        }
        services.remove("n3.example.com");
        services.put("n4.example.com", service("n4.example.com", 40));

        try (Publisher next = publisher()) {
            next.publishMissing(View.EMPTY);
            assertThat(lookedUp()).hasSize(5000);
            next.publish(view());
            assertThat(wrong()).isEmpty();
            assertThat(lookedUp()).hasSize(4999);
        }
    }

    @Test
    void aNameThatIsForgottenIsUnknownSoon() throws IOException {
        Publisher publisher = publisher();
        some(1000);
        publish(publisher);

        services.remove("n3.example.com");
        publisher.publish(view());
        assertThat(lookedUp().get("n3.example.com")).isEmpty();
        publish(publisher);
        assertThat(lookedUp()).doesNotContainKey("n3.example.com");
    }

    @Test
    void aLargeServiceHasItsLinesAndSuccessorsInTheHashedMap() throws IOException {
        Publisher publisher = publisher();
        some(500);
        services.put(
                "big.example.com",
                service("big.example.com", IntStream.range(1, 501).toArray()));
        publish(publisher);
        assertThat(text()).isEmpty();
        assertThat(wrong()).isEmpty();
        assertThat(hashed("big.example.com/10.0.0.7:8080")).isEqualTo("10.0.0.70:8080");

        // Who has just rolled a die of the hashed map finds the first line of the text, not an old one.
        services.put("big.example.com", service("big.example.com", 501, 502));
        publisher.publish(view());
        assertThat(text()).containsEntry("big.example.com/1", "10.0.1.245:8080|10.0.1.246:8080");
    }

    @Test
    void nothingIsLeftOfAForgottenServiceThatHadNoRoomForAllItsLines() throws IOException {
        Publisher publisher = publisher();
        some(500);
        List<String> names = crowd();
        names.forEach(this::sixty);
        publish(publisher);
        List<String> leftOut = names.stream().filter(text()::containsKey).toList();
        assertThat(leftOut).isNotEmpty().hasSizeLessThan(names.size());

        leftOut.forEach(services::remove);
        publish(publisher);
        for (String name : leftOut) {
            assertThat(text()).doesNotContainKey(name);
            assertThat(hashed(name)).isNull();
        }
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
        services.put(name, service(name, IntStream.range(0, 60).toArray()));
    }

    private static int hash(String key) {
        int hash = 0;
        for (byte each : key.getBytes(US_ASCII)) {
            hash = each + 65599 * hash;
        }
        return hash;
    }

    @Test
    void whatMovesToTheHashedMapHasItsSuccessorsAsLongAsTheTextThatNamesIt() throws IOException {
        Publisher publisher = publisher();
        some(500);
        now += Duration.ofMinutes(1).toNanos();
        publisher.publish(view());
        while (!background.isEmpty()) {
            background.remove().run();
            String text = Files.readString(dir.resolve("backends.map"));
            publisher.publish(view());
            if (text.contains("n5.example.com")) {
                // Between the two renames httpd has the text of before and these successors.
                assertThat(Files.readString(dir.resolve("successors.map"))).contains("n5.example.com/");
            }
        }
        assertThat(text()).isEmpty();
        publisher.publish(view());
        assertThat(Files.readString(dir.resolve("successors.map"))).doesNotContain("n5.example.com/");
    }

    @Test
    void theTextHasEverythingThatCouldNotBeHashedAndThatIsTriedAgainOnceASecond() throws IOException {
        Publisher publisher = publisher();
        publish(publisher);
        some(1000);
        Files.createDirectory(dir.resolve(".names.pag.new"));
        Files.writeString(dir.resolve(".names.pag.new/x"), "in the way");
        publish(publisher);
        for (int attempt = 0; attempt < 4; attempt++) {
            services.put("n4.example.com", service("n4.example.com", 40 + attempt));
            publisher.publish(view());
            assertThat(background).as("no attempt before its time").isEmpty();
            assertThat(publisher.unhashed()).isNotEmpty();
            assertThat(wrong()).isEmpty();
            assertThat(lookedUp()).hasSize(1000);

            now += Duration.ofSeconds(1).toNanos();
            publisher.publish(view());
            assertThat(background).as("an attempt").hasSize(1);
            while (!background.isEmpty()) {
                assertThat(publisher.unhashed())
                        .as("as long as it is not written")
                        .isNotEmpty();
                background.remove().run();
                publisher.publish(view());
            }
        }

        Files.delete(dir.resolve(".names.pag.new/x"));
        Files.delete(dir.resolve(".names.pag.new"));
        publish(publisher);
        assertThat(publisher.unhashed()).isEmpty();
        assertThat(wrong()).isEmpty();
        assertThat(lookedUp()).hasSize(1000);
        assertThat(text()).containsOnlyKeys("n4.example.com");
    }

    @Test
    void whatFoundNoRoomAtTheStartDoesNotKeepTheMapFromBeingWrittenAgain() throws IOException {
        now = Duration.ofDays(100).toNanos(); // as on a machine that runs that long
        Publisher publisher = publisher();
        some(500);
        crowd().forEach(this::sixty);
        publish(publisher);
        assertThat(text()).isNotEmpty().hasSizeLessThan(100);
        assertThat(hashed("n5.example.com")).isNotNull();

        IntStream.range(0, 300)
                .forEach(i -> services.put("n" + i + ".example.com", service("n" + i + ".example.com", 7, 9)));
        publish(publisher);
        publish(publisher); // the first had successors of those that were gone, which the text has once
        assertThat(publisher.unhashed()).isEmpty();
        assertThat(text()).hasSizeLessThan(100);
    }

    @Test
    void theLongerTheTextTheSoonerItIsRelieved() throws IOException {
        Publisher publisher = publisher();
        some(1000);
        publish(publisher);
        some(2000);
        publisher.publish(view());
        while (!background.isEmpty()) {
            now += Duration.ofSeconds(10).toNanos(); // that slow it is, twice
            background.remove().run();
            publisher.publish(view());
        }
        assertThat(text()).isEmpty();

        some(3000);
        now += Duration.ofSeconds(50).toNanos();
        publisher.publish(view());
        assertThat(background).isEmpty();

        some(9000);
        publisher.publish(view());
        assertThat(background).isNotEmpty();
    }

    @Test
    void aHashedMapThatSomebodyRemovedIsWrittenAgain() throws IOException {
        Publisher publisher = publisher();
        some(1000);
        publish(publisher);
        Files.delete(dir.resolve("names.dir"));

        publisher.publish(view());

        assertThat(wrong()).isEmpty();
        assertThat(PerlReader.lookUp(dir.resolve("names"), services.keySet())).hasSize(1000);
    }

    private Publisher publisher() {
        return new Publisher(dir, WorkersConf.upTo(10), background::add, () -> {}, Duration.ZERO, () -> now);
    }

    /** Until nothing is left to do. */
    private void publish(Publisher publisher) throws IOException {
        now += Duration.ofMinutes(1).toNanos();
        publisher.publish(view());
        while (!background.isEmpty()) {
            background.remove().run();
            publisher.publish(view());
        }
    }

    private void change(String name, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> services.remove(name);
            case 1 -> services.put(name, service(name));
            case 2 -> services.put(name, service(name, 1, 2));
            case 3 ->
                services.put(
                        name,
                        service(name, IntStream.range(0, 1 + random.nextInt(60)).toArray()));
            default -> services.put(name, service(name, random.nextInt(3)));
        }
    }

    private void some(int count) {
        for (int i = 0; i < count; i++) {
            String name = "n" + i + ".example.com";
            services.put(name, i % 5 == 0 ? service(name, i, i + 1) : i % 7 == 0 ? service(name) : service(name, i));
        }
    }

    private static Service service(String name, int... backends) {
        return LinesTest.service(
                name,
                true,
                Arrays.stream(backends).mapToObj(i -> LinesTest.backend(i, 1)).toArray(Standing.Routable[]::new));
    }

    private View view() {
        return LinesTest.view(services.values().toArray(Service[]::new));
    }

    private Map<String, Set<String>> published() {
        Map<String, Set<String>> published = new TreeMap<>();
        services.forEach((name, service) -> published.put(
                name,
                service.routable().stream()
                        .map(backend -> backend.target().toString())
                        .collect(Collectors.toCollection(TreeSet::new))));
        return published;
    }

    /** Names that do not give what was published; one that is gone may be known without a backend for a while. */
    private Map<String, String> wrong() throws IOException {
        Map<String, Set<String>> found = lookedUp();
        Map<String, Set<String>> published = published();
        Set<String> names = new TreeSet<>(found.keySet());
        names.addAll(published.keySet());
        Map<String, String> wrong = new TreeMap<>();
        for (String name : names) {
            Set<String> expected = published.getOrDefault(name, Set.of());
            Set<String> given = found.get(name);
            boolean right = given == null ? !published.containsKey(name) : given.equals(expected);
            if (!right) {
                wrong.put(name, given + " (expected: " + expected + ")");
            }
        }
        return wrong;
    }

    private Map<String, Set<String>> lookedUp() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        Map<String, String> text = text();
        try (SdbmReader reader = SdbmReader.open(dir.resolve("names.pag"))) {
            for (int i = 0; i < asked; i++) {
                lookUp("n" + i + ".example.com", text, reader, found);
            }
            lookUp("big.example.com", text, reader, found);
        }
        return found;
    }

    private void lookUp(String name, Map<String, String> text, SdbmReader reader, Map<String, Set<String>> found)
            throws IOException {
        String value = either(name, text, reader);
        if (value == null) {
            return;
        }
        Set<String> addresses = new TreeSet<>();
        for (String key : keys(name, value)) {
            String slots = key.equals(name) ? value : either(key, text, reader);
            for (String slot :
                    String.valueOf(slots).replaceFirst("^\\d+:(?=1=)", "").split("\\|")) {
                addresses.add(slot.replaceFirst("^\\d+=", ""));
            }
        }
        addresses.remove("-");
        found.put(name, addresses);
    }

    private static List<String> keys(String name, String value) {
        return value.matches("\\d+")
                ? IntStream.rangeClosed(1, Integer.parseInt(value))
                        .mapToObj(k -> name + "/" + k)
                        .toList()
                : List.of(name);
    }

    private static @Nullable String either(String key, Map<String, String> text, SdbmReader reader) throws IOException {
        byte[] bytes = key.getBytes(US_ASCII);
        byte[] hashed = reader.find(bytes, 0, bytes.length);
        return text.getOrDefault(key, hashed == null ? null : new String(hashed, US_ASCII));
    }

    private @Nullable String hashed(String key) throws IOException {
        try (SdbmReader reader = SdbmReader.open(dir.resolve("names.pag"))) {
            return either(key, Map.of(), reader);
        }
    }

    private Map<String, String> text() throws IOException {
        Map<String, String> text = new TreeMap<>();
        for (String line : Files.readAllLines(dir.resolve("backends.map"))) {
            if (!line.startsWith("#")) {
                text.put(line.split(" ")[0], line.split(" ")[1]);
            }
        }
        return text;
    }
}
