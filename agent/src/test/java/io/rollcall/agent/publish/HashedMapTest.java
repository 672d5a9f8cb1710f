package io.rollcall.agent.publish;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.publish.HashedMap.Step;
import io.rollcall.agent.sdbm.PageEdit;
import io.rollcall.agent.sdbm.PageLayout;
import io.rollcall.agent.sdbm.Sdbm;
import io.rollcall.agent.sdbm.SdbmReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashedMapTest {
    @TempDir
    Path directory;

    private HashedMap map;

    @BeforeEach
    void empty() throws IOException {
        map = started();
        map.create();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 1000, 100_000})
    void everyPairIsFoundAndNothingElse(int size) throws IOException {
        Map<String, String> pairs = pairs(size, "a");

        assertThat(write(pairs)).isEmpty();

        assertThat(found(pairs(size + 1000, "a"))).isEqualTo(pairs);
    }

    @Test
    void itIsReadAsWhatHttxt2dbmWroteOfTheSame() throws Exception {
        Path program = Path.of("/usr/sbin/httxt2dbm");
        Assumptions.assumeTrue(Files.isExecutable(program), "needs httxt2dbm");
        Map<String, String> pairs = pairs(20_000, "a");
        Path text = Files.write(
                directory.resolve("text"),
                pairs.entrySet().stream()
                        .map(pair -> pair.getKey() + " " + pair.getValue())
                        .toList());
        Process theirs = new ProcessBuilder(
                        program.toString(), "-f", "sdbm", "-i", text.toString(), "-o", directory + "/theirs")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(theirs.waitFor()).isZero();

        write(pairs);

        assertThat(PerlReader.all(directory.resolve("names")))
                .isEqualTo(PerlReader.all(directory.resolve("theirs")))
                .hasSize(20_000);
    }

    @ParameterizedTest
    @CsvSource({"5, 40", "40, 3000", "5, 30000", "30000, 40"})
    void afterEachStepFromOneDepthToAnotherEveryKeyIsFound(int from, int to) throws IOException {
        Map<String, String> before = pairs(from, "before");
        Map<String, String> after = pairs(to, "after");
        write(before);
        List<Step> steps = map.steps(map.layout(List.copyOf(after.entrySet())));
        assertThat(steps).hasSizeGreaterThan(2);

        Map<String, String> content = before;
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).take();
            boolean written = from > to || i == steps.size() - 1;
            content = written ? after : before;
            assertThat(found(pairs(Math.max(from, to), "?"))).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @CsvSource({"40, 3000, 1", "40, 3000, 2", "40, 3000, 3", "30000, 40, 1", "30000, 40, 2", "30000, 40, 3"})
    void aWriterThatWasKilledBetweenTwoStepsIsFollowedByOneThatGoesOn(int from, int to, int taken) throws IOException {
        write(pairs(from, "before"));
        List<Step> steps = map.steps(map.layout(List.copyOf(pairs(to, "lost").entrySet())));
        for (Step step : steps.subList(0, taken)) {
            step.take();
        }

        map = started();
        assertThat(map.create()).isFalse();
        Map<String, String> again = pairs(700, "again");
        List<Step> rest = map.steps(map.layout(List.copyOf(again.entrySet())));
        Map<String, String> left = found(pairs(Math.max(from, to), "?"));
        for (Step step : rest) {
            assertThat(found(pairs(Math.max(from, to), "?"))).isIn(left, again);
            step.take();
        }

        assertThat(found(pairs(30_000, "?"))).isEqualTo(again);
    }

    @Test
    void changesOfAFewPagesAreReadAsIfAllHadBeenWritten() throws IOException {
        Map<String, String> first = pairs(1000, "first");
        Map<String, String> second = pairs(1000, "second");
        write(first);
        map.copy();
        for (Map<String, String> after : List.of(second, first, second)) {
            Map<String, String> expected = new TreeMap<>(first);
            try (SdbmReader beside = map.beside()) {
                PageEdit edit = new PageEdit(beside);
                for (String key : first.keySet()) {
                    if (key.contains("7")) {
                        edit.remove(key);
                        expected.remove(key);
                    }
                    if (key.contains("77")) {
                        assertThat(edit.put(List.of(Map.entry(key, String.valueOf(after.get(key))))))
                                .isTrue();
                        expected.put(key, String.valueOf(after.get(key)));
                    }
                }
                map.turn(edit);
            }
            assertThat(found(pairs(1000, "?"))).isEqualTo(expected);
        }
    }

    @Test
    void pairsOfWhichOneHasNoRoomAreNotPut() throws IOException {
        write(pairs(40, "a"));
        map.copy();
        try (SdbmReader beside = map.beside()) {
            PageEdit edit = new PageEdit(beside);
            String most = "v".repeat(Sdbm.LONGEST_PAIR - 10);
            assertThat(edit.put(List.of(Map.entry("new", "10.0.0.1:80"), Map.entry("long", most))))
                    .isFalse();
            map.turn(edit);
        }
        assertThat(found(Map.of("new", "", "long", ""))).isEmpty();
        assertThat(found(pairs(41, "a"))).isEqualTo(pairs(40, "a"));
    }

    @Test
    void aPairThatItsPageHasNoRoomForIsLeftOutAndTold() throws IOException {
        List<Map.Entry<String, String>> longOnes = new ArrayList<>();
        Map<String, String> expected = new TreeMap<>(pairs(50, "a"));
        for (int i = 0; i < 200; i++) {
            String key = "long-" + i;
            longOnes.add(Map.entry(key, "x".repeat(Sdbm.LONGEST_PAIR - key.length())));
        }
        List<Map.Entry<String, String>> all = new ArrayList<>(expected.entrySet());
        all.addAll(longOnes);

        PageLayout layout = map.layout(all);
        map.write(layout);
        List<String> leftOut = layout.leftOut();

        longOnes.stream()
                .filter(pair -> !leftOut.contains(pair.getKey()))
                .forEach(pair -> expected.put(pair.getKey(), pair.getValue()));
        leftOut.forEach(expected::remove);
        Map<String, String> asked = all.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(found(asked)).isEqualTo(expected);
        assertThat(leftOut).isNotEmpty();
    }

    @Test
    void longPairsAreLeftOutInsteadOfMakingTheFileHuge() throws IOException {
        List<Map.Entry<String, String>> pairs = IntStream.range(0, 40)
                .mapToObj(i -> Map.entry("k" + i, "v".repeat(900)))
                .collect(Collectors.toList());

        PageLayout layout = map.layout(pairs);

        assertThat(layout.depth()).isLessThanOrEqualTo(12);
    }

    @Test
    void whileTheDepthStaysOnlyThePagesAreReplacedWithALaterTime() throws IOException {
        write(pairs(1000, "a"));
        Path dir = directory.resolve("names.dir");
        Path pag = directory.resolve("names.pag");
        Object dirBefore = Files.readAttributes(dir, "unix:ino").get("ino");
        FileTime before = Files.getLastModifiedTime(pag);

        write(pairs(1010, "b"));

        assertThat(Files.readAttributes(dir, "unix:ino").get("ino")).isEqualTo(dirBefore);
        assertThat(Files.getLastModifiedTime(pag)).isGreaterThan(before).isGreaterThan(Files.getLastModifiedTime(dir));
        FileTime written = Files.getLastModifiedTime(pag);
        map.touch();
        assertThat(Files.getLastModifiedTime(pag)).isGreaterThan(written);
    }

    @Test
    void aPageThatIsNoPageIsSaid() throws IOException {
        Files.write(directory.resolve("names.pag"), "x".repeat(1024).getBytes(US_ASCII));

        try (SdbmReader reader = SdbmReader.open(directory.resolve("names.pag"))) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> reader.find("a".getBytes(US_ASCII), 0, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("expected: an sdbm file");
        }
    }

    @Test
    void whatIsNotAsciiOrTooLongDoesNotFit() {
        assertThat(Sdbm.fits("shop.example.com", "10.0.0.1:80")).isTrue();
        assertThat(Sdbm.fits("sh\u00f6p", "10.0.0.1:80")).isFalse();
        assertThat(Sdbm.fits("shop", "x".repeat(1005))).isFalse();
        assertThat(Sdbm.fits("shop", "")).isFalse();
    }

    private HashedMap started() {
        return new HashedMap(directory, "names", () -> {});
    }

    private List<String> write(Map<String, String> pairs) throws IOException {
        PageLayout layout = map.layout(List.copyOf(pairs.entrySet()));
        map.write(layout);
        return layout.leftOut();
    }

    /** What is found of these keys, by Perl; our own reader must say the same. */
    private Map<String, String> found(Map<String, String> asked) throws IOException {
        Map<String, String> perl = PerlReader.lookUp(directory.resolve("names"), asked.keySet());
        try (SdbmReader reader = SdbmReader.open(directory.resolve("names.pag"))) {
            Map<String, String> ours = new TreeMap<>();
            for (String key : asked.keySet()) {
                byte[] bytes = key.getBytes(US_ASCII);
                byte[] value = reader.find(bytes, 0, bytes.length);
                if (value != null) {
                    ours.put(key, new String(value, US_ASCII));
                }
            }
            assertThat(ours).isEqualTo(perl);
        }
        return perl;
    }

    private static Map<String, String> pairs(int size, String tag) {
        Map<String, String> pairs = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            String value =
                    i % 7 == 0 ? "2:1=10.0.0.1:8080|2=10.0." + i % 256 + ".2:8080|" + tag : "10.1.2.3:" + i + tag;
            pairs.put("name-" + i + (i % 3 == 0 ? ".shop" : "") + ".example.com", value);
        }
        return pairs;
    }
}
