package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Services of any size: the lookups that httpd's own random maps answer, counted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiceTest {
    private static final int PIPELINED = 50;

    private TestMaps maps;
    private Httpd httpd;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        maps = new TestMaps(directory.resolve("maps"));
        httpd = Httpd.in(directory.resolve("httpd"))
                .maps(maps.directory())
                .listen(Ports.free(), Ports.free())
                .directives("MaxKeepAliveRequests 0")
                .directives("<VirtualHost *:${PORT}>\nUse Rollcall\n</VirtualHost>")
                // The whole lookup, but instead of proxying it tells where the request would have gone.
                .directives("""
                        <VirtualHost *:${PORT2}>
                            Use RollcallSetUp
                            Use RollcallFirst
                            Use RollcallName
                            Use RollcallDice
                            RewriteRule ^ "http://%{ENV:ROLLCALL_ANSWER}/" [R=302,NE,L]
                        </VirtualHost>""")
                .start();
    }

    @AfterAll
    void stop() throws Exception {
        httpd.close();
    }

    @AfterEach
    void asText() {
        maps.as(Way.TEXT);
    }

    @Test
    void slotsOfOneLineAreEquallyLikely() throws Exception {
        String slots = IntStream.rangeClosed(1, 40)
                .mapToObj(i -> "10.0.0." + i + ":80")
                .collect(Collectors.joining("|"));
        maps.publish("big.example.com " + slots + "\n");
        assertUniform(lookUp("big.example.com", 8_000), 40);
    }

    @Test
    void numberedBackendsOfTheHashedMapAreEquallyLikely() throws Exception {
        String slots = IntStream.rangeClosed(1, 13)
                .mapToObj(i -> "10.0.0." + i + ":80")
                .collect(Collectors.joining("|"));
        maps.as(Way.HASHED).publish("big.example.com " + slots + "\n");
        assertUniform(lookUp("big.example.com", 8_000), 13);
    }

    @Test
    void aDieInTheHashedMapIsFair() throws Exception {
        StringBuilder map = new StringBuilder("big.example.com 13\n");
        for (int line = 1; line <= 13; line++) {
            map.append("big.example.com/" + line + " 10.0." + line + ".1:80|[2001:db8::" + line + "]:80\n");
        }
        maps.as(Way.HASHED).publish(map.toString());
        assertUniform(lookUp("big.example.com", 10_000), 26);
    }

    @Test
    void aMissingLineInTheHashedMapFallsBackToTheFirst() throws Exception {
        maps.as(Way.HASHED).publish("one.example.com 13\none.example.com/1 10.0.0.1:80|10.0.0.2:80\n");
        assertThat(new TreeSet<>(lookUp("one.example.com", 100)))
                .containsExactly("http://10.0.0.1:80/", "http://10.0.0.2:80/");
    }

    @Test
    void oneDieIsFair() throws Exception {
        StringBuilder map = new StringBuilder("big.example.com 13\n");
        for (int line = 1; line <= 13; line++) {
            map.append("big.example.com/" + line + " 10.0." + line + ".1:80|10.0." + line + ".2:80|10.0." + line
                    + ".3:80\n");
        }
        maps.publish(map.toString());
        assertUniform(lookUp("big.example.com", 10_000), 39);
    }

    @Test
    void twoDiceAreFairAndIndependent() throws Exception {
        StringBuilder map = new StringBuilder("big.example.com 25x20\nbig.example.com/1 10.0.0.1:80\n");
        for (int first = 1; first <= 25; first++) {
            for (int second = 1; second <= 20; second++) {
                map.append("big.example.com/" + first + "." + second + " 10.1." + first + "." + second + ":80\n");
            }
        }
        maps.publish(map.toString());
        assertUniform(lookUp("big.example.com", 15_000), 500);
    }

    @Test
    void aMissingLineFallsBackToTheFirst() throws Exception {
        maps.publish(
                "one.example.com 13\none.example.com/1 10.0.0.1:80\ntwo.example.com 25x20\ntwo.example.com/1 10.0.0.2:80\n");
        assertThat(new TreeSet<>(lookUp("one.example.com", 100))).containsExactly("http://10.0.0.1:80/");
        assertThat(new TreeSet<>(lookUp("two.example.com", 100))).containsExactly("http://10.0.0.2:80/");
    }

    @Test
    void whatIsNoAddressIsNeverAskedFor() throws Exception {
        maps.publish("""
                loop.example.com 13
                count.example.com 13
                count.example.com/1 14
                words.example.com evil.example.com:80
                user.example.com x@127.0.0.1:80
                path.example.com 127.0.0.1:80/path
                scheme.example.com unix:/run/x|http://127.0.0.1:80
                noport.example.com 127.0.0.1
                three.example.com 127.0.1:80
                long.example.com 127.0.0.1:800000
                six.example.com ::1:80
                """);
        for (String name :
                List.of("loop", "count", "words", "user", "path", "scheme", "noport", "three", "long", "six")) {
            HttpMessage answer = RawHttp.get(httpd.port(), name + ".example.com", "/");
            assertThat(answer.status()).as(name).isEqualTo(503);
            assertThat(answer.header("Retry-After")).as(name).contains("2");
        }
        assertThat(httpd.errorLog()).doesNotContain("AH00957");
    }

    private List<String> lookUp(String host, int times) throws IOException {
        List<String> found = new ArrayList<>();
        String request = RawHttp.request("GET", host, "/", "Connection: keep-alive");
        try (RawHttp http = RawHttp.connect(httpd.port(1))) {
            for (int asked = 0; asked < times; asked += PIPELINED) {
                http.send(request.repeat(PIPELINED));
                for (int i = 0; i < PIPELINED; i++) {
                    found.add(http.read(false).orElseThrow().header("Location").orElse("none"));
                }
            }
        }
        return found;
    }

    /** Chi-square with a bound of six standard deviations: a fair die fails less often than once in a million runs. */
    private static void assertUniform(List<String> found, int cells) {
        Map<String, Integer> counts = new HashMap<>();
        found.forEach(one -> counts.merge(one, 1, Integer::sum));
        assertThat(counts).hasSize(cells);
        double expected = (double) found.size() / cells;
        double chiSquare = counts.values().stream()
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        int freedom = cells - 1;
        assertThat(chiSquare).isLessThan(freedom + 6 * Math.sqrt(2.0 * freedom));
    }
}
