package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request goes and what arrives there, the same for every way of looking up. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RoutingRules {
    private static final byte[] SIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final Way way;
    private Backend shop;
    private Backend news;
    private Backend six;
    private Backend internal;
    private Httpd httpd;

    RoutingRules(Way way) {
        this.way = way;
    }

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        shop = Backend.start("shop.example.com", "shop-1");
        news = Backend.start("news.example.com", "news-1");
        six = Backend.start("six.example.com", "six-1", InetAddress.getByAddress(SIX), 0);
        internal = Backend.start("internal", "internal-1");
        TestMaps maps = new TestMaps(directory.resolve("maps")).as(way).publish("""
                =internal %s
                gone.example.com -
                localhost %s
                secret.example.com %s
                news.example.com %s
                shop.example.com %s
                six.example.com %s
                """.formatted(
                internal.address(), shop.address(), shop.address(), news.address(), shop.address(), six.address()));
        Path site = Files.createDirectories(directory.resolve("site/.well-known/acme-challenge"));
        Files.writeString(site.resolve("token"), "the token");
        Path files = directory.resolve("site");
        Files.writeString(files.resolve("sorry.html"), "sorry, says the site");
        Files.writeString(files.resolve("missing.html"), "missing, says the site");
        Files.createDirectories(files.resolve("static.d"));
        Files.writeString(files.resolve("static.d/file"), "a file");
        String documents =
                "DocumentRoot \"" + files + "\"\n<Directory \"" + files + "\">\nRequire all granted\n</Directory>\n";
        httpd = way.httpd(directory.resolve("httpd"), maps)
                .listen(Ports.free(), Ports.free())
                .virtualHost(
                        "any.invalid",
                        documents + "Use RollcallKeep /static.d/\nUse RollcallKeep /own/\n" + way.use()
                                + "ProxyPass /own/ http://" + news.address() + "/kept/\n")
                .virtualHost("named.example.com", way.use("Shop.example.com"))
                .virtualHost("inner.example.com", way.use("internal"))
                .virtualHost("nobody.example.com", way.use("nobody"))
                .virtualHost("secret.example.com", "<Location />\nRequire all denied\n</Location>\n" + way.use())
                .directives("<VirtualHost *:${PORT2}>\n" + documents
                        + "Use RollcallUnknownStays\nErrorDocument 503 /sorry.html\nErrorDocument 404 /missing.html\n"
                        + way.use()
                        + "\n</VirtualHost>")
                .start();
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable started : Arrays.asList(httpd, shop, news, six, internal)) {
            if (started != null) {
                started.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.example.com",
                "SHOP.Example.COM",
                "shop.example.com.",
                "shop.example.com:80",
                "Shop.example.com.:65535"
            })
    void aNameRoutesInAnyCaseWithAPortAndWithATrailingDot(String host) throws Exception {
        Echo echo = Echo.of(RawHttp.get(httpd.port(), host, "/"));
        assertThat(echo.service()).isEqualTo("shop.example.com");
        assertThat(echo.header("Host")).isEqualTo(host);
    }

    @Test
    void eachNameGoesToItsOwnBackend() throws Exception {
        assertThat(Echo.of(RawHttp.get(httpd.port(), "news.example.com", "/")).backend())
                .isEqualTo("news-1");
        assertThat(Echo.of(RawHttp.get(httpd.port(), "shop.example.com", "/")).backend())
                .isEqualTo("shop-1");
        assertThat(Echo.of(RawHttp.get(httpd.port(), "six.example.com", "/")).backend())
                .isEqualTo("six-1");
    }

    @Test
    void aVirtualHostCanNameItsService() throws Exception {
        assertThat(Echo.of(RawHttp.get(httpd.port(), "named.example.com", "/x")).backend())
                .isEqualTo("shop-1");
        assertThat(Echo.of(RawHttp.get(httpd.port(), "inner.example.com", "/x")).backend())
                .isEqualTo("internal-1");
        assertThat(RawHttp.get(httpd.port(), "nobody.example.com", "/x").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown.example.com",
                "internal",
                "=internal",
                "shop.example.com/1",
                "shop.example.com|x",
                "#",
                "-",
                "..",
                "shop..example.com",
                ".shop.example.com",
                "shop.example.com..",
                "shop.example.com x",
                "shop.example.com\tx",
                "shop.example.com:80:80",
                "shop.example.com:80x",
                "shop.example.com:123456",
                "user@shop.example.com",
                "${rollcall-lower:shop.example.com}",
                "%{ENV:ROLLCALL_MAPS}",
                "$1",
                "sh\u00f6p.example.com",
                "127.0.0.1",
                "[::1]",
                "[::1]:80",
                ""
            })
    void aHostThatNoServiceHasGetsNothing(String host) throws Exception {
        long before = total();
        assertThat(RawHttp.get(httpd.port(), host, "/").status()).isIn(400, 404);
        assertThat(RawHttp.exchange(httpd.port(), "GET / HTTP/1.0\r\n\r\n").status())
                .isEqualTo(404);
        assertThat(RawHttp.get(httpd.port(), "a".repeat(300) + ".example.com", "/")
                        .status())
                .isIn(400, 404);
        assertThat(RawHttp.get(httpd.port(), "a.".repeat(200) + "com", "/").status())
                .isIn(400, 404);
        assertThat(total()).isEqualTo(before);
    }

    @Test
    void twoHostsAreRefused() throws Exception {
        String two = RawHttp.request("GET", "shop.example.com", "/", "Host: news.example.com");
        assertThat(RawHttp.exchange(httpd.port(), two).status()).isEqualTo(400);
    }

    @Test
    void aKnownNameWithoutABackendIs503WithRetryAfter() throws Exception {
        HttpMessage answer = RawHttp.get(httpd.port(), "gone.example.com", "/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("2");
        assertThat(answer.text()).doesNotContain("Additionally");
    }

    @Test
    void a503OfABackendIsLeftAlone() throws Exception {
        news.answers(request -> Answer.text(503, "I am busy"));
        try {
            HttpMessage answer = RawHttp.get(httpd.port(), "news.example.com", "/");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("I am busy");
            assertThat(answer.header("Retry-After")).isEmpty();
        } finally {
            news.answers(request -> Answer.echo("news.example.com", "news-1", request));
        }
    }

    @Test
    void noHeaderTellsThatTheAnswerDependsOnHowItWasLookedUp() throws Exception {
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", "/").header("Vary"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//",
                "//x//y/",
                "///",
                "/a%2Fb%2f..%2Fc",
                "/a%3Fb%3fc?d=%3F",
                "/%25%2525%20",
                "/%C3%A9%E2%82%AC",
                "/a;b=c;d/e;f",
                "/?",
                "/x?",
                "/x??",
                "/x?a=b?c=d&e=%26#",
                "/a/./b",
                "/a+b~c!$&'()*,=:@",
                "/[x]{y}|z^`\"<>\\",
                "/a:b@c/http://news.example.com/",
                "//news.example.com/",
                "//news.example.com:80/x",
                "/@news.example.com/",
                "/unix:/run/x|http://news.example.com/",
                "/%0d%0aX-Injected:%201",
                "/%0D%0A%0D%0AGET%20/x%20HTTP/1.1",
                "/a?b=%0d%0aX-Injected:%201",
                "/%{ENV:PATH}${rollcall-lower:X}$1%1",
                "/a|b|c",
                "/.rollcall/other",
                "/.rollcall/again/",
                "/balancer://x/",
                "/%7E%41%2e",
                "/a%2e%2e/b"
            })
    void theTargetArrivesByteForByte(String target) throws Exception {
        HttpMessage answer = RawHttp.get(httpd.port(), "shop.example.com", target);
        if (answer.status() == 400) {
            return; // httpd itself does not take it; see the test of those that it takes
        }
        Echo echo = Echo.of(answer);
        assertThat(echo.target()).isEqualTo(target);
        assertThat(echo.service()).isEqualTo("shop.example.com");
        assertThat(echo.header("X-Injected")).isEmpty();
    }

    @Test
    void targetsOfAnyBytesArriveAsTheyAreOrAreRefusedWhole() throws Exception {
        int taken = 0;
        for (int c = 1; c < 256; c++) {
            if (c == ' ' || c == '\n' || c == '\r') {
                continue;
            }
            String target = "/x" + (char) c + "y?" + (char) c + "z";
            HttpMessage answer = RawHttp.get(httpd.port(), "shop.example.com", target);
            if (answer.status() == 200) {
                assertThat(Echo.of(answer).target()).isEqualTo(target);
                taken++;
            } else {
                assertThat(answer.status()).as(target).isEqualTo(400);
            }
        }
        assertThat(taken).isGreaterThan(60);
        for (int c = 1; c < 256; c++) {
            String target = String.format("/x%%%02xy?%%%02xz", c, c);
            HttpMessage answer = RawHttp.get(httpd.port(), "shop.example.com", target);
            assertThat(Echo.of(answer).target()).isEqualTo(target);
        }
    }

    @Test
    void aVeryLongQueryArrivesWhole() throws Exception {
        String target = "/x?" + "q=0123456789abcdef&".repeat(400);
        assertThat(Echo.of(RawHttp.get(httpd.port(), "shop.example.com", target))
                        .target())
                .isEqualTo(target);
        String over = "/x?" + "q".repeat(9000);
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", over).status()).isEqualTo(414);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "", "?x=1", "/a%2Fb%3f?c", "//x", "/x//y", "/a%25/%7E?", "/a/./b"})
    void theAbsoluteFormArrivesAsItsPath(String path) throws Exception {
        for (String host :
                List.of("shop.example.com", "SHOP.example.com", "shop.example.com:80", "shop.example.com.")) {
            Echo echo = Echo.of(RawHttp.get(httpd.port(), "ignored.invalid", "http://" + host + path));
            assertThat(echo.service()).isEqualTo("shop.example.com");
            assertThat(echo.target()).isEqualTo(path.startsWith("/") ? path : "/" + path);
            assertThat(echo.header("Host")).isEqualToIgnoringCase(host.replaceFirst("\\.$", ""));
        }
    }

    @Test
    void theNameInTheRequestLineCountsSoThatNoOtherVirtualHostIsBypassed() throws Exception {
        assertThat(RawHttp.get(httpd.port(), "secret.example.com", "/").status())
                .isEqualTo(403);
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", "http://secret.example.com/")
                        .status())
                .isEqualTo(403);
        String old = "GET http://shop.example.com/x HTTP/1.0\r\n";
        assertThat(RawHttp.exchange(httpd.port(), old + "\r\n").status()).isEqualTo(404);
        assertThat(Echo.of(RawHttp.exchange(httpd.port(), old + "Host: x\r\n\r\n"))
                        .service())
                .isEqualTo("shop.example.com");
        // httpd chooses the virtual host by the request line only if the scheme is its own, else by Host.
        for (String scheme : List.of("https", "HTTPS", "ws", "foo")) {
            String other = scheme + "://secret.example.com/x";
            for (String host : List.of("shop.example.com", "unknown.example.com", "")) {
                assertThat(RawHttp.get(httpd.port(), host, other).status())
                        .as(other + " " + host)
                        .isIn(400, 404);
            }
            assertThat(RawHttp.exchange(httpd.port(), "GET " + other + " HTTP/1.0\r\n\r\n")
                            .status())
                    .isIn(400, 404);
        }
        assertThat(Echo.of(RawHttp.get(httpd.port(), "shop.example.com:80", "https://SHOP.example.com./x"))
                        .service())
                .isEqualTo("shop.example.com");
        HttpMessage both = RawHttp.get(httpd.port(), "news.example.com", "http://shop.example.com/x");
        assertThat(Echo.of(both).service()).isEqualTo("shop.example.com");
        for (String odd : List.of(
                "http://user@shop.example.com/",
                "http://a@b@shop.example.com/",
                "foo://shop.example.com/",
                "http:///shop.example.com/",
                "http://shop.example.com\\@news.example.com/",
                "http:shop.example.com")) {
            HttpMessage answer = RawHttp.get(httpd.port(), "shop.example.com", odd);
            assertThat(answer.status()).as(odd).isIn(200, 400, 404);
            if (answer.status() == 200) {
                assertThat(Echo.of(answer).service()).as(odd).isEqualTo("shop.example.com");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@news.example.com/",
                "news.example.com",
                ":80/",
                "*",
                "x",
                "@127.0.0.1:1/",
                ":@127.0.0.1:1/",
                "?x",
                ".example.com/",
                "http://",
                "unix:/x|http://127.0.0.1:1/"
            })
    void aTargetThatIsNoPathReachesNobody(String target) throws Exception {
        long before = total();
        for (String method : List.of("GET", "OPTIONS", "CONNECT", "TRACE")) {
            HttpMessage answer = RawHttp.exchange(httpd.port(), RawHttp.request(method, "shop.example.com", target));
            assertThat(answer.status()).as(method).isIn(200, 400, 404, 405);
        }
        assertThat(total()).isEqualTo(before);
    }

    @Test
    void everyMethodAndABodyArrive() throws Exception {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "PROPFIND", "OPTIONS")) {
            String request =
                    RawHttp.request(method, "shop.example.com", "/form?x=1", "Content-Length: 9") + "a=b&c=\u00e9\0!";
            Echo echo = Echo.of(RawHttp.exchange(httpd.port(), request));
            assertThat(echo.method()).isEqualTo(method);
            assertThat(echo.body()).isEqualTo("a=b&c=\u00e9\0!");
        }
        String chunked = RawHttp.request("POST", "shop.example.com", "/", "Transfer-Encoding: chunked")
                + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        assertThat(Echo.of(RawHttp.exchange(httpd.port(), chunked)).body()).isEqualTo("abcde");
        String large = "0123456789".repeat(20_000);
        String post = RawHttp.request("POST", "shop.example.com", "/", "Content-Length: " + large.length()) + large;
        assertThat(Echo.of(RawHttp.exchange(httpd.port(), post)).body()).isEqualTo(large);
        HttpMessage head = RawHttp.exchange(httpd.port(), RawHttp.request("HEAD", "shop.example.com", "/"));
        assertThat(head.header("X-Backend")).contains("shop-1");
    }

    @Test
    void theBackendIsConnectedBeforeASlowBodyIsThere() throws Exception {
        long before = shop.accepted();
        try (RawHttp slow = RawHttp.connect(httpd.port())) {
            slow.send(RawHttp.request("POST", "shop.example.com", "/", "Content-Length: 5") + "a");
            await().until(() -> shop.accepted() > before);
            slow.send("bcde");
            assertThat(Echo.of(slow.read(false).orElseThrow()).body()).isEqualTo("abcde");
        }
    }

    @Test
    void forwardedHeadersAreHttpdsOwn() throws Exception {
        Echo echo = Echo.of(RawHttp.exchange(
                httpd.port(), RawHttp.request("GET", "shop.example.com:81", "/", "X-Forwarded-For: 192.0.2.1")));
        assertThat(echo.header("X-Forwarded-For")).isEqualTo("192.0.2.1, 127.0.0.1");
        assertThat(echo.header("X-Forwarded-Host")).isEqualTo("shop.example.com:81");
        assertThat(echo.header("X-Forwarded-Server")).isNotEmpty();
    }

    @Test
    void noHeaderOfAClientStandsForALookup() throws Exception {
        String[] headers = {
            "ROLLCALL_BACKEND: " + news.address(),
            "Rollcall-Backend: " + news.address(),
            "ENV:ROLLCALL_BACKEND: " + news.address(),
            "REDIRECT_STATUS: 503",
            "REDIRECT_ROLLCALL_BACKEND: " + news.address(),
            "ROLLCALL_TRY: 2",
            "ROLLCALL_KEEP: 1",
            "UNIQUE_ID: x",
            "X-Forwarded-Host: news.example.com",
            "Forwarded: host=news.example.com",
            "X-Rewrite-URL: /other",
            "no-proxy: 1"
        };
        Echo echo = Echo.of(RawHttp.exchange(httpd.port(), RawHttp.request("GET", "shop.example.com", "/", headers)));
        assertThat(echo.backend()).isEqualTo("shop-1");
        long before = total();
        HttpMessage again =
                RawHttp.exchange(httpd.port(), RawHttp.request("GET", "shop.example.com", "/.rollcall/again", headers));
        assertThat(again.status()).isEqualTo(404);
        assertThat(total()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.rollcall/again",
                "/.rollcall/again?x",
                "//.rollcall//again",
                "/x/../.rollcall/again",
                "/%2erollcall/%61gain"
            })
    void theSecondTryCannotBeReachedFromOutside(String target) throws Exception {
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", target).status())
                .isEqualTo(404);
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", "http://shop.example.com" + target)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aBackendThatNamesItselfInLocationIsMappedBack() throws Exception {
        shop.answers(request -> Answer.redirect("http://" + shop.address() + "/there?x=%2F"));
        six.answers(request -> Answer.redirect("http://" + six.address() + "/six"));
        try {
            HttpMessage answer = RawHttp.get(httpd.port(), "shop.example.com:81", "/here");
            assertThat(answer.header("Location")).contains("http://shop.example.com:81/there?x=%2F");
            HttpMessage strange = RawHttp.get(httpd.port(), "shop.example.com:81", "//here");
            assertThat(strange.header("Location")).contains("http://shop.example.com:81/there?x=%2F");
            shop.answers(request -> Answer.redirect("https://elsewhere.example.org/x"));
            assertThat(RawHttp.get(httpd.port(), "shop.example.com", "/").header("Location"))
                    .contains("https://elsewhere.example.org/x");
            assertThat(RawHttp.get(httpd.port(), "six.example.com", "/")
                            .header("Location")
                            .orElse(""))
                    .startsWith("http://six.example.com")
                    .endsWith("/six");
        } finally {
            shop.answers(request -> Answer.echo("shop.example.com", "shop-1", request));
            six.answers(request -> Answer.echo("six.example.com", "six-1", request));
        }
    }

    @Test
    void aWebSocketIsUpgradedAndEchoes() throws Exception {
        CompletableFuture<String> echoed = new CompletableFuture<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                echoed.complete(data.toString());
                return WebSocket.Listener.super.onText(socket, data, last);
            }
        };
        // The JDK's client takes the Host from the address.
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + httpd.port() + "/chat"), listener)
                .get(20, TimeUnit.SECONDS);
        socket.sendText("hello", true).get(20, TimeUnit.SECONDS);
        assertThat(echoed.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
    }

    @Test
    void pathsThatTheOperatorKeepsAndTheAcmeChallengeStayWithHttpd() throws Exception {
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", "/.well-known/acme-challenge/token")
                        .text())
                .isEqualTo("the token");
        assertThat(RawHttp.get(httpd.port(), "unknown.example.com", "/.well-known/acme-challenge/token")
                        .text())
                .isEqualTo("the token");
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", "/.well-known/acme-challenge/none")
                        .status())
                .isEqualTo(404);
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", "/static.d/file")
                        .text())
                .isEqualTo("a file");
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", "//static.d//file")
                        .text())
                .isEqualTo("a file");
        assertThat(Echo.of(RawHttp.get(httpd.port(), "shop.example.com", "/staticxd/file"))
                        .backend())
                .isEqualTo("shop-1");
        assertThat(Echo.of(RawHttp.get(httpd.port(), "shop.example.com", "/static.d/../x"))
                        .target())
                .isEqualTo("/static.d/../x");
        Echo own = Echo.of(RawHttp.get(httpd.port(), "shop.example.com", "/own/x"));
        assertThat(own.backend()).isEqualTo("news-1");
        assertThat(own.target()).isEqualTo("/kept/x");
    }

    @Test
    void errorDocumentsOfTheSiteStay() throws Exception {
        HttpMessage none = RawHttp.get(httpd.port(1), "gone.example.com", "/x");
        assertThat(none.status()).isEqualTo(503);
        assertThat(none.text()).isEqualTo("sorry, says the site");
        assertThat(none.header("Retry-After")).contains("2");
        HttpMessage unknown = RawHttp.get(httpd.port(1), "unknown.example.com", "/x");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text()).isEqualTo("missing, says the site");
        assertThat(unknown.header("Retry-After")).isEmpty();
    }

    @Test
    void aVirtualHostMayAnswerForUnknownNamesItself() throws Exception {
        assertThat(RawHttp.get(httpd.port(1), "unknown.example.com", "/sorry.html")
                        .text())
                .isEqualTo("sorry, says the site");
        assertThat(Echo.of(RawHttp.get(httpd.port(1), "shop.example.com", "/sorry.html"))
                        .backend())
                .isEqualTo("shop-1");
    }

    private long total() {
        return shop.requests() + news.requests() + six.requests() + internal.requests();
    }
}
