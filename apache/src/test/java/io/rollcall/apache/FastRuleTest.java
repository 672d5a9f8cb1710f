package io.rollcall.apache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One rule takes most requests before the others see them: it must decide what they would, however odd a request is. */
class FastRuleTest {
    private static final int REQUESTS = 1_500;
    private static final int FEWER = 300;

    private static final List<String> METHODS =
            List.of("GET", "GET", "GET", "GET", "GET", "POST", "HEAD", "OPTIONS", "get", "G T");
    private static final List<String> TARGETS = List.of(
            "/",
            "/a",
            "/a?b",
            "/a?b?c",
            "/?",
            "//a",
            "///",
            "/a//b",
            "/%2F",
            "/a%3Fb",
            "/a%25",
            "/a%20b",
            "/a b",
            "/a;b",
            "/a|b",
            "/.rollcall/again",
            "/.rollcall/again?x",
            "/%2erollcall/again",
            "/.rollcall/x",
            "/.well-known/acme-challenge/x",
            "/.well-known/%61cme-challenge/x",
            "/.well-known/x",
            "/keep/x",
            "/k%65ep/x",
            "/a/../keep/x",
            "/a/../b",
            "*",
            "a",
            "",
            "http://one.example.com/a",
            "http://two.example.com/a",
            "https://one.example.com/",
            "http://one.example.com?x",
            "/again /.rollcall/again",
            "/x HTTP/1.1 /.rollcall/again",
            "/%1",
            "/a$1%1",
            "/${rollcall-backends:two.example.com}");
    private static final List<String> PROTOCOLS = List.of(
            "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "", "HTTP/1.1 x", "HTTP/2.0");
    private static final List<String> HOSTS = List.of(
            "one.example.com",
            "ONE.Example.com",
            "two.example.com",
            "one.example.com.",
            "one.example.com:80",
            "one.example.com:",
            "one.example.com:123456",
            "gone.example.com",
            "same.example.com",
            "dice.example.com",
            "dice.example.com/1",
            "evil.example.com",
            "none.example.com",
            "plain",
            "=hidden",
            "",
            "one.example.com two.example.com",
            "one.example.com GET /x",
            "one.example.com/1",
            "a".repeat(64) + ".example.com",
            "a..b",
            "x".repeat(261),
            "[::1]",
            "one%2eexample.com",
            "two@one.example.com");

    @TempDir
    Path directory;

    /** On its first port with the fast rule of that way, on its second without. */
    private Httpd start(Way way, Backend one, Backend two, String protocol) throws Exception {
        return start(way, one, two, protocol, way.use(), "RollcallName");
    }

    private Httpd start(Way way, Backend one, Backend two, String protocol, String use, String without)
            throws Exception {
        TestMaps maps = new TestMaps(directory.resolve("maps"))
                .publish("""
                one.example.com ONE
                two.example.com TWO
                same.example.com TWO|TWO
                dice.example.com 2
                dice.example.com/1 ONE
                dice.example.com/2 ONE
                both.example.com ONE|TWO
                gone.example.com -
                evil.example.com evil:80
                plain TWO
                =hidden TWO
                =plain ONE
                =dice.example.com TWO
                """.replace("ONE", one.address()).replace("TWO", two.address()));
        String site = """
                Use RollcallKeep /keep/
                Header always set X-Told "%{ROLLCALL_SERVICE}e %{ROLLCALL_BACKEND}e %{ROLLCALL_TRY}e"
                """;
        return way.httpd(directory.resolve("httpd"), maps)
                .listen(Ports.free(), Ports.free())
                .directives("HttpProtocolOptions " + protocol)
                .directives("<VirtualHost *:${PORT}>\n" + site + """
                        Header always set X-Way "%{ROLLCALL_ANSWER}e"
                        Header always set X-Id "%{UNIQUE_ID}e"
                        """ + use + "</VirtualHost>")
                .directives("<VirtualHost *:${PORT2}>\n" + site
                        + """
                        Use RollcallSetUp
                        Use RollcallFirst
                        Use NAME
                        ASK
                        Use RollcallSend
                        Use RollcallDice
                        Use RollcallSend
                        Use RollcallEnd
                        </VirtualHost>""".replace("NAME", without).replace("ASK", way == Way.RESOLVER ? "Use RollcallAsk" : ""))
                .start();
    }

    @ParameterizedTest
    @CsvSource({"TEXT, Strict", "TEXT, Unsafe", "RESOLVER, Strict", "RESOLVER, Unsafe"})
    void theFastRuleAnswersAsTheOthersDo(Way way, String protocol) throws Exception {
        try (Backend one = Backend.start("one.example.com", "one");
                Backend two = Backend.start("two.example.com", "two");
                Httpd httpd = start(way, one, two, protocol)) {
            assertThat(compared(httpd, REQUESTS)).isGreaterThan(REQUESTS / 50);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TEXT, one.example.com, 20",
        "TEXT, ONE.example.com, 20",
        "TEXT, hidden, 20",
        "TEXT, plain, 20",
        "TEXT, dice.example.com, 20",
        "TEXT, gone.example.com, 0",
        "TEXT, evil.example.com, 0",
        "TEXT, none.example.com, 0",
        "RESOLVER, one.example.com, 20",
        "RESOLVER, hidden, 20",
        "RESOLVER, plain, 20",
        "RESOLVER, dice.example.com, 20",
        "RESOLVER, gone.example.com, 0"
    })
    void theFastRuleOfANamedServiceAnswersAsTheOthersDo(Way way, String service, int good) throws Exception {
        try (Backend one = Backend.start("one.example.com", "one");
                Backend two = Backend.start("two.example.com", "two");
                Httpd httpd = start(way, one, two, "Strict", way.use(service), "RollcallNamed " + service)) {
            assertThat(compared(httpd, FEWER)).isGreaterThanOrEqualTo(good);
        }
    }

    /** How many of them came to a backend. */
    private static int compared(Httpd httpd, int requests) throws IOException {
        Random random = new Random(1);
        int good = 0;
        for (int i = 0; i < requests; i++) {
            String request = "%s %s %s\r\nHost: %s\r\nConnection: close\r\n\r\n"
                    .formatted(any(METHODS, random), any(TARGETS, random), any(PROTOCOLS, random), any(HOSTS, random));
            String fast = answer(httpd.port(), request);
            assertThat(fast).as(request).isEqualTo(answer(httpd.port(1), request));
            good += fast.startsWith("HTTP/1.1 200") ? 1 : 0;
        }
        return good;
    }

    /** Else the test above would compare the others with themselves. */
    @Test
    void anOrdinaryRequestIsTakenByTheFastRule() throws Exception {
        try (Backend one = Backend.start("one.example.com", "one");
                Backend two = Backend.start("two.example.com", "two");
                Httpd httpd = start(Way.TEXT, one, two, "Strict")) {
            assertThat(RawHttp.get(httpd.port(), "one.example.com", "/a?b").header("X-Way"))
                    .contains("(null)");
            assertThat(RawHttp.get(httpd.port(), "dice.example.com", "/a?b").header("X-Way"))
                    .contains(one.address());
        }
    }

    @Test
    void anOrdinaryRequestIsTakenByTheFastRuleOfTheResolver() throws Exception {
        try (Backend one = Backend.start("one.example.com", "one");
                Backend two = Backend.start("two.example.com", "two");
                Httpd httpd = start(Way.RESOLVER, one, two, "Strict")) {
            for (String name : List.of("one.example.com", "dice.example.com")) {
                assertThat(RawHttp.get(httpd.port(), name, "/a?b").header("X-Way"))
                        .contains("(null)");
            }
            assertThat(RawHttp.get(httpd.port(), "gone.example.com", "/a?b").header("X-Way"))
                    .contains("-");
        }
    }

    @ParameterizedTest
    @CsvSource({"TEXT, one.example.com", "TEXT, hidden", "RESOLVER, one.example.com", "RESOLVER, dice.example.com"})
    void anOrdinaryRequestForANamedServiceIsTakenByItsFastRule(Way way, String service) throws Exception {
        try (Backend one = Backend.start("one.example.com", "one");
                Backend two = Backend.start("two.example.com", "two");
                Httpd httpd = start(way, one, two, "Strict", way.use(service), "RollcallNamed " + service)) {
            assertThat(RawHttp.get(httpd.port(), "any.example.com", "/a?b").header("X-Way"))
                    .contains("(null)");
        }
    }

    /** Each question takes a turn, so a second one for the same request would give all of them to one of two backends. */
    @ParameterizedTest
    @CsvSource({"Use RollcallResolver", "Use RollcallResolverService both.example.com"})
    void theResolverIsAskedOnceForEachRequest(String use) throws Exception {
        try (Backend one = Backend.start("both.example.com", "one");
                Backend two = Backend.start("both.example.com", "two");
                Httpd httpd = start(Way.RESOLVER, one, two, "Strict", use + "\n", "RollcallName")) {
            for (String line : List.of(
                    "GET /a", "GET /.well-known/x", "GET http://both.example.com/a", "VERSION-CONTROL /a", "get /a")) {
                String request = line + " HTTP/1.1\r\nHost: both.example.com\r\nConnection: close\r\n\r\n";
                Set<String> told = new HashSet<>();
                for (int i = 0; i < 8; i++) {
                    told.add(answer(httpd.port(), request).replaceAll("(?s).*X-Told: ([^\r]*).*", "$1"));
                }
                assertThat(told).as(line).hasSize(2);
            }
        }
    }

    @Test
    void whatStaysWithHttpdStaysThoughARuleBeforeMadeAnotherPathOfIt() throws Exception {
        try (Backend one = Backend.start("one.example.com", "one");
                Backend two = Backend.start("two.example.com", "two");
                Httpd httpd = start(
                        Way.TEXT,
                        one,
                        two,
                        "Strict",
                        "RewriteEngine On\nRewriteRule ^/(.*) /sub/$1\n" + Way.TEXT.use(),
                        "RollcallName")) {
            for (String path : List.of(
                    "/.well-known/acme-challenge/x",
                    "/%2ewell-known/acme-challenge/x",
                    "//.well-known/acme-challenge/x",
                    "/x/../.well-known/acme-challenge/x",
                    "/%2erollcall/again")) {
                assertThat(RawHttp.get(httpd.port(), "one.example.com", path).status())
                        .as(path)
                        .isIn(403, 404);
            }
            assertThat(RawHttp.get(httpd.port(), "one.example.com", "/a").status())
                    .isEqualTo(200);
        }
    }

    /** The resolver is asked under a part of the request's id, which must be nobody else's. */
    @Test
    void noTwoRequestsAskUnderTheSameId() throws Exception {
        Set<String> parts = new HashSet<>();
        try (Backend one = Backend.start("one.example.com", "one");
                Backend two = Backend.start("two.example.com", "two");
                Httpd httpd = start(Way.RESOLVER, one, two, "Strict")) {
            for (int i = 0; i < REQUESTS; i++) {
                String id = RawHttp.get(httpd.port(), "gone.example.com", "/")
                        .header("X-Id")
                        .orElseThrow();
                assertThat(id).hasSize(27);
                assertThat(parts.add(id.substring(17, 22))).as(id).isTrue();
            }
        }
    }

    private static String any(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    /** All that comes, but what tells the time, the way and the port. */
    private static String answer(int port, String request) throws IOException {
        try (Socket socket = new Socket(Ports.loopback(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1)
                    .replaceAll("(?m)^(Date|X-Way|X-Id): .*\r\n", "")
                    .replaceAll("\\b" + port + "\\b", "PORT");
        }
    }
}
