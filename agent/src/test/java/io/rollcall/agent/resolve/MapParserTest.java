package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MapParserTest {
    @Test
    void oneBackendTakesAll() throws Exception {
        assertThat(shares(parse("shop.example.com 10.0.0.5:8080\n"), "shop.example.com", 3))
                .isEqualTo(Map.of("10.0.0.5:8080", 3));
    }

    @Test
    void aWeightIsANumberOfSlots() throws Exception {
        Table table = parse("""
                # rollcall 1 written by a test
                shop.example.com 10.0.0.5:80|10.0.0.6:80|10.0.0.6:80
                """);
        assertThat(shares(table, "shop.example.com", 9)).isEqualTo(Map.of("10.0.0.5:80", 3, "10.0.0.6:80", 6));
    }

    @Test
    void linesOfOneServiceAreCountedTogether() throws Exception {
        Table table = parse("""
                big.example.com 2
                big.example.com/1 10.0.0.1:80|10.0.0.2:80
                big.example.com/2 10.0.0.1:80|[2001:db8::1]:80
                """);
        assertThat(shares(table, "big.example.com", 8))
                .isEqualTo(Map.of("10.0.0.1:80", 4, "10.0.0.2:80", 2, "[2001:db8::1]:80", 2));
    }

    @Test
    void aSquareOfLinesIsCountedWithoutTheFallbackLine() throws Exception {
        Table table = parse("""
                huge.example.com 2x2
                huge.example.com/1 10.0.0.9:80
                huge.example.com/1.1 10.0.0.1:80
                huge.example.com/1.2 10.0.0.2:80
                huge.example.com/2.1 10.0.0.3:80
                huge.example.com/2.2 10.0.0.3:80
                """);
        assertThat(shares(table, "huge.example.com", 4))
                .isEqualTo(Map.of("10.0.0.1:80", 1, "10.0.0.2:80", 1, "10.0.0.3:80", 2));
    }

    @Test
    void aKnownNameWithoutBackendIsNotAnUnknownOne() throws Exception {
        Table table = parse("gone.example.com -\n");
        assertThat(shares(table, "gone.example.com", 1)).isEqualTo(Map.of("-", 1));
        assertThat(find(table, "other.example.com")).isNull();
    }

    @Test
    void keysOfLinesAndCommentsAreNoServices() throws Exception {
        Table table = parse("# a b\n\n=internal 10.0.0.1:80\nbig 1\nbig/1 10.0.0.1:80\n");
        assertThat(table.size()).isEqualTo(2);
        assertThat(find(table, "big/1")).isNull();
        assertThat(find(table, "#")).isNull();
        assertThat(find(table, "=internal")).isNotNull();
    }

    @Test
    void ofTwoLinesWithOneKeyTheFirstCountsAsInHttpd() throws Exception {
        assertThat(shares(parse("a 10.0.0.1:80\na 10.0.0.2:80\n"), "a", 2)).isEqualTo(Map.of("10.0.0.1:80", 2));
    }

    @Test
    void aServiceThatCannotBeReadIsLeftOutAlone() throws Exception {
        for (String bad : new String[] {
            "bad somewhere:80", "bad 10.0.0.1:80|", "bad 3\nbad/1 10.0.0.1:80", "bad 201", "bad 0", "bad 2x",
                    "bad 1x1x1",
            "bad 1x1", "bad -|-", "bad", "bad ", " bad", "bad  10.0.0.1:80", "bad 10.0.0.1:80 "
        }) {
            MapParser.Parsed parsed =
                    MapParser.parse(bytes("a 10.0.0.1:80\n" + bad + "\nz 10.0.0.2:80\n"), Table.EMPTY, new Random(1));
            assertThat(parsed.table().size()).as(bad).isEqualTo(2);
            assertThat(parsed.bad()).as(bad).isEqualTo(1);
            assertThat(parsed.firstBad()).as(bad).contains("expected");
        }
    }

    @Test
    void aFileThatIsNoMapIsRefused() {
        refused("", "cut short");
        refused("a 10.0.0.1:80\nb 10.0.0", "cut short");
        refused("# rollcall 2\na 10.0.0.1:80\n", "expected: # rollcall 1");
        refused("# rollcall 12\na 10.0.0.1:80\n", "expected: # rollcall 1");
        refused("\u0001\u0002\n\u00ff\n", "line 1");
    }

    @Test
    void aRegistryWithoutServicesIsAGoodMap() throws Exception {
        assertThat(parse("# rollcall 1\n").size()).isZero();
    }

    @Test
    void anyBytesGiveATableOrARefusal() {
        Random random = new Random(4);
        byte[] alphabet = bytes("ab/12x|:.-[] \n\n#10.0.0.1:80");
        for (int i = 0; i < 20_000; i++) {
            byte[] file = new byte[random.nextInt(120)];
            for (int k = 0; k < file.length; k++) {
                file[k] = random.nextInt(20) == 0
                        ? (byte) random.nextInt(256)
                        : alphabet[random.nextInt(alphabet.length)];
            }
            try {
                assertThat(MapParser.parse(file, Table.EMPTY, random).table().size())
                        .isNotNegative();
            } catch (MalformedMapException refusal) {
                assertThat(refusal).hasMessageContaining("expected");
            }
        }
    }

    @Test
    void theTurnSurvivesAReloadWhereTheServiceDidNotChange() throws Exception {
        Table before = parse("a 10.0.0.1:80|10.0.0.2:80|10.0.0.3:80\nb 10.0.0.1:80|10.0.0.2:80\n");
        String first = next(before, "a");
        Table after = MapParser.parse(
                        bytes("a 10.0.0.3:80|10.0.0.2:80|10.0.0.1:80\nb 10.0.0.1:80|10.0.0.4:80\n"),
                        before,
                        new Random(9))
                .table();
        String second = next(after, "a");
        assertThat(first + second + next(after, "a")).contains("10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80");
        assertThat(find(after, "a")).isSameAs(find(before, "a"));
        assertThat(shares(after, "b", 2)).containsOnlyKeys("10.0.0.1:80", "10.0.0.4:80");
    }

    @Test
    void aNewScheduleStartsAnywhereSoThatNoBackendIsAlwaysFirst() throws Exception {
        Random random = new Random(5);
        Map<String, Integer> firsts = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            byte[] file = bytes("a 10.0.0.1:80|10.0.0.2:80\n");
            firsts.merge(next(MapParser.parse(file, Table.EMPTY, random).table(), "a"), 1, Integer::sum);
        }
        assertThat(firsts).hasSize(2);
    }

    @Test
    void thousandsOfServicesAreFound() throws Exception {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            file.append("s")
                    .append(i)
                    .append(".example.com 10.0.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250);
            file.append(":80\n");
        }
        Table table = parse(file.toString());
        assertThat(table.size()).isEqualTo(5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(next(table, "s" + i + ".example.com")).isEqualTo("10.0." + i / 250 + "." + i % 250 + ":80");
        }
        assertThat(find(table, "s5000.example.com")).isNull();
    }

    private static void refused(String file, String why) {
        assertThatThrownBy(() -> parse(file))
                .isInstanceOf(MalformedMapException.class)
                .hasMessageContaining(why);
    }

    private static Table parse(String file) throws MalformedMapException {
        return MapParser.parse(bytes(file), Table.EMPTY, new Random(1)).table();
    }

    private static Map<String, Integer> shares(Table table, String key, int lookups) {
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < lookups; i++) {
            shares.merge(next(table, key), 1, Integer::sum);
        }
        return shares;
    }

    private static String next(Table table, String key) {
        return new String(find(table, key).next(), ISO_8859_1).strip();
    }

    private static Service find(Table table, String key) {
        byte[] bytes = bytes("<" + key + ">");
        return table.find(bytes, 1, bytes.length - 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
