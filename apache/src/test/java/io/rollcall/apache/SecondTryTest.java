package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the backend that was chosen takes no connection. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecondTryTest {
    private Backend alive;
    private TestMaps maps;
    private Httpd httpd;
    private String dead;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        alive = Backend.start("shop.example.com", "alive");
        dead = "127.0.0.1:" + Ports.free();
        maps = new TestMaps(directory.resolve("maps"));
        Path site = Files.createDirectories(directory.resolve("site"));
        Files.writeString(site.resolve("sorry.html"), "sorry, says the site");
        String documents =
                "DocumentRoot \"" + site + "\"\n<Directory \"" + site + "\">\nRequire all granted\n</Directory>\n";
        httpd = Way.RESOLVER
                .httpd(directory.resolve("httpd"), maps)
                .listen(Ports.free(), Ports.free(), Ports.free())
                .logFormat("%U first=%<{ROLLCALL_BACKEND}e last=%{ROLLCALL_BACKEND}e try=%{ROLLCALL_TRY}e %m %>s")
                .directives("<VirtualHost *:${PORT}>\n" + Way.TEXT.use() + "</VirtualHost>")
                .directives("<VirtualHost *:${PORT2}>\n" + Way.RESOLVER.use() + "</VirtualHost>")
                .directives("<VirtualHost *:${PORT3}>\nErrorDocument 503 /sorry.html\n" + documents + Way.TEXT.use()
                        + "</VirtualHost>")
                .start();
    }

    @AfterAll
    void stop() throws Exception {
        httpd.close();
        alive.close();
    }

    @AfterEach
    void asText() {
        maps.as(Way.TEXT);
    }

    private int port(Way way) {
        return httpd.port(way == Way.RESOLVER ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyGetAndHeadIsAnsweredThoughHalfOfAllPicksAreRefused(Way way) throws Exception {
        maps.as(way).publish("shop.example.com " + dead + "|" + alive.address() + "\n");
        for (int i = 0; i < 100; i++) {
            String target = "/a%2Fb//" + i + "?x=%3F&";
            Echo echo = Echo.of(RawHttp.get(port(way), "shop.example.com", target));
            assertThat(echo.backend()).isEqualTo("alive");
            assertThat(echo.target()).isEqualTo(target);
            assertThat(echo.header("Host")).isEqualTo("shop.example.com");
            HttpMessage head = RawHttp.exchange(port(way), RawHttp.request("HEAD", "shop.example.com", "/"));
            assertThat(head.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%1$s", "%2$s|%1$s", "%2$s|%2$s|%1$s", "%1$s|%2$s|%2$s", "%1$s|%1$s|%2$s", "%2$s0|%2$s|%1$s"})
    void inTheHashedMapTheNextBackendIsFoundWhateverThePlaceOfTheDeadOne(String slots) throws Exception {
        maps.as(Way.HASHED).publish("shop.example.com " + String.format(slots, alive.address(), "127.0.0.1:1") + "\n");
        for (int i = 0; i < 30; i++) {
            int status = RawHttp.get(port(Way.HASHED), "shop.example.com", "/").status();
            // Of two dead ones in a row the second try meets the other.
            assertThat(status).isIn(200, slots.startsWith("%2$s0") ? 503 : 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void otherMethodsAreRefusedAtOnceAndReachNobody(String method) throws Exception {
        maps.publish("shop.example.com " + dead + "\n");
        maps.successors("shop.example.com/" + dead + " " + alive.address() + "\n");
        await().until(() -> RawHttp.get(port(Way.TEXT), "shop.example.com", "/").status() == 200);
        long before = alive.requests();
        String request = RawHttp.request(method, "shop.example.com", "/", "Content-Length: 3") + "abc";
        HttpMessage answer = RawHttp.exchange(port(Way.TEXT), request);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("2");
        assertThat(answer.text()).doesNotContain("Additionally");
        assertThat(alive.requests()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void aGetWithABodyIsNotTriedTwiceForItsBodyIsGone(String framing) throws Exception {
        maps.publish("shop.example.com " + dead + "\n");
        maps.successors("shop.example.com/" + dead + " " + alive.address() + "\n");
        String body = framing.startsWith("C") ? "abcde" : "5\r\nabcde\r\n0\r\n\r\n";
        String next = RawHttp.request("GET", "none.example.com", "/next");
        long before = alive.requests();
        try (RawHttp http = RawHttp.connect(port(Way.TEXT))) {
            http.send(RawHttp.request("GET", "shop.example.com", "/", framing, "Connection: keep-alive") + body + next);
            assertThat(http.read(false).orElseThrow().status()).isEqualTo(503);
            assertThat(http.read(false).map(HttpMessage::status).orElse(404)).isEqualTo(404);
        }
        assertThat(alive.requests()).isEqualTo(before);
    }

    @Test
    void theSecondTryIsWhereLocationIsMappedBackFrom() throws Exception {
        maps.publish("shop.example.com " + dead + "|" + alive.address() + "\n");
        alive.answers(request -> Answer.redirect("http://" + alive.address() + "/there"));
        try {
            for (int i = 0; i < 20; i++) {
                assertThat(RawHttp.get(port(Way.TEXT), "shop.example.com:81", "/")
                                .header("Location"))
                        .contains("http://shop.example.com:81/there");
            }
        } finally {
            alive.answers(request -> Answer.echo("shop.example.com", "alive", request));
        }
    }

    @Test
    void aSingleDeadBackendIsNotTriedTwice() throws Exception {
        maps.publish("shop.example.com " + dead + "\n");
        int before = refused();
        HttpMessage answer = RawHttp.get(port(Way.TEXT), "shop.example.com", "/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("2");
        assertThat(answer.text()).doesNotContain("Additionally");
        assertThat(refused() - before).isEqualTo(1);
    }

    @Test
    void whenBothAreRefusedTheAnswerIsStill503WithRetryAfter() throws Exception {
        maps.publish("shop.example.com " + dead + "|127.0.0.1:" + Ports.free() + "\n");
        int before = refused();
        HttpMessage answer = RawHttp.get(port(Way.TEXT), "shop.example.com", "/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("2");
        assertThat(refused() - before).isEqualTo(2);
    }

    @Test
    void aPickThatIsNoLongerPublishedIsFollowedByAFreshOne() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, Ports.loopback())) {
            List<Socket> filling = fill(full);
            String hole = "127.0.0.1:" + full.getLocalPort();
            maps.publish("shop.example.com " + hole + "\n");
            try (RawHttp waiting = RawHttp.connect(port(Way.TEXT))) {
                waiting.send(RawHttp.request("GET", "shop.example.com", "/late"));
                await().until(() -> synSentTo(full.getLocalPort()));
                maps.publish("shop.example.com " + alive.address() + "\n");
                assertThat(Echo.of(waiting.read(false).orElseThrow()).backend()).isEqualTo("alive");
            }
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    /** The client here waits for 30 s, httpd itself would for 60. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBackendThatNeverTakesTheConnectionIsGivenUpAfterASecond(boolean declared, @TempDir Path directory)
            throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, Ports.loopback())) {
            List<Socket> filling = fill(full);
            String hole = "127.0.0.1:" + full.getLocalPort();
            TestMaps own = new TestMaps(directory.resolve("maps"));
            own.publish("shop.example.com " + hole + "\n");
            if (declared) { // as the agent writes it
                own.workers("<Proxy \"http://" + hole
                        + "\">\n  ProxySet enablereuse=on connectiontimeout=${ROLLCALL_CONNECT_TIMEOUT}"
                        + " upgrade=websocket ttl=30\n</Proxy>\n");
            }
            try (Httpd site = Way.TEXT
                    .httpd(directory.resolve("httpd"), own)
                    .logLevel("warn proxy:trace2")
                    .virtualHost("any.invalid", Way.TEXT.use())
                    .start()) {
                long start = System.nanoTime();
                HttpMessage answer = RawHttp.get(site.port(), "shop.example.com", "/");
                assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.header("Retry-After")).contains("2");
                assertThat(site.errorLog()).contains("found worker " + (declared ? "http://" + hole : "http://$1/$2"));
            }
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    @Test
    void theSitesOwnErrorDocumentIsWhatIsSeenInTheEnd() throws Exception {
        maps.publish("shop.example.com " + dead + "\n");
        HttpMessage answer = RawHttp.get(httpd.port(2), "shop.example.com", "/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).isEqualTo("sorry, says the site");
        assertThat(answer.header("Retry-After")).contains("2");
        maps.publish("shop.example.com " + dead + "|" + alive.address() + "\n");
        for (int i = 0; i < 10; i++) {
            assertThat(Echo.of(RawHttp.get(httpd.port(2), "shop.example.com", "/x"))
                            .backend())
                    .isEqualTo("alive");
        }
    }

    @Test
    void theAccessLogTellsWhoAnsweredAndWhetherItWasASecondTry() throws Exception {
        maps.publish("shop.example.com " + dead + "\nnews.example.com " + alive.address() + "\n");
        maps.successors("shop.example.com/" + dead + " " + alive.address() + "\n");
        RawHttp.get(port(Way.TEXT), "shop.example.com", "/logged-second");
        RawHttp.get(port(Way.TEXT), "news.example.com", "/logged-first");
        RawHttp.get(port(Way.TEXT), "none.example.com", "/logged-none");
        await().untilAsserted(() -> assertThat(Files.readAllLines(httpd.accessLog()))
                .contains(
                        "/logged-second first=" + dead + " last=" + alive.address() + " try=2 GET 200",
                        "/logged-first first=" + alive.address() + " last=" + alive.address() + " try=1 GET 200",
                        "/logged-none first=- last=- try=1 GET 404"));
    }

    private int refused() throws IOException {
        return httpd.errorLog().split("AH00957", -1).length - 1;
    }

    /** Takes every place in the queue of a socket that nobody accepts from. */
    private static List<Socket> fill(ServerSocket socket) throws IOException {
        List<Socket> filling = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                Socket one = new Socket();
                filling.add(one);
                one.connect(socket.getLocalSocketAddress(), 200);
            }
            throw new AssertionError("the queue has no end");
        } catch (SocketTimeoutException full) {
            return filling;
        }
    }

    /** Whether somebody is just trying to connect to this port: state 02 in the kernel's table, besides ours that timed out. */
    private static boolean synSentTo(int port) throws IOException {
        String to = String.format("0100007F:%04X 02", port);
        return Files.readString(Path.of("/proc/net/tcp")).contains(to);
    }
}
