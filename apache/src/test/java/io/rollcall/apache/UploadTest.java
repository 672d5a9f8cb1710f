package io.rollcall.apache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What takes its time: the backend must be connected right after the lookup, and stay until the last byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UploadTest {
    private static final String SHOP = "shop.example.com";
    private static final Duration A_WHILE = Duration.ofMillis(500);

    private Backend a;
    private Backend b;
    private TestMaps maps;
    private Httpd httpd;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        a = Backend.start(SHOP, "a");
        b = Backend.start(SHOP, "b");
        maps = new TestMaps(directory.resolve("maps")).publish(SHOP + " " + a.address() + "\n");
        httpd = Httpd.in(directory.resolve("httpd"))
                .listen(Ports.free(), Ports.free())
                .maps(maps.directory())
                .with("http2")
                .virtualHost(SHOP, "Protocols h2c http/1.1\n" + Way.TEXT.use())
                .directives("<VirtualHost *:${PORT2}>\nProxyPreserveHost On\nProxyPass / http://" + a.address()
                        + "/\n</VirtualHost>")
                .start();
    }

    @AfterAll
    void stop() throws IOException {
        httpd.close();
        a.close();
        b.close();
    }

    /** Drains A while something is under way there. */
    private void drain() throws IOException {
        maps.publish(SHOP + " " + b.address() + "\n");
    }

    private void undrain() throws IOException {
        maps.publish(SHOP + " " + a.address() + "\n");
    }

    private static String post(String headers) {
        return "POST /up HTTP/1.1\r\nHost: " + SHOP + "\r\nConnection: close\r\n" + headers.replace("|", "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 4||, abcd",
        "Content-Length: 4||ab, cd",
        "Transfer-Encoding: chunked||, 4|abcd|0||",
        "Transfer-Encoding: chunked||2|ab|, 2|cd|0||"
    })
    void theBackendIsConnectedBeforeTheBodyHasComeAndGetsItAfterADrain(String head, String rest) throws Exception {
        undrain();
        long before = a.accepted();
        try (RawHttp client = RawHttp.connect(httpd.port())) {
            client.send(post(head));
            await().until(() -> a.accepted() > before);
            drain();
            assertThat(Echo.of(RawHttp.get(httpd.port(), SHOP, "/new")).backend())
                    .isEqualTo("b");
            client.send(rest.replace("|", "\r\n"));
            Echo echo = Echo.of(client.read(false).orElseThrow());
            assertThat(echo.backend()).isEqualTo("a");
            assertThat(echo.body()).isEqualTo("abcd");
        }
    }

    /** By Proxy100Continue, which is on in httpd by default: the client is asked for its body when the backend asks for it. */
    @Test
    void whoWaitsToBeAskedForTheBodyIsAskedByTheBackend() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, Ports.loopback());
                RawHttp client = RawHttp.connect(httpd.port())) {
            maps.publish(SHOP + " 127.0.0.1:" + server.getLocalPort() + "\n");
            client.send(post("Content-Length: 4|Expect: 100-continue||"));
            server.setSoTimeout(30_000);
            try (Socket backend = server.accept()) {
                drain();
                InputStream in = backend.getInputStream();
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) in.read());
                }
                assertThat(head).containsIgnoringCase("\r\nExpect: 100-continue\r\n");
                backend.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
                assertThat(client.read(true).orElseThrow().status()).isEqualTo(100);
                client.send("abcd");
                assertThat(new String(in.readNBytes(4), ISO_8859_1)).isEqualTo("abcd");
                backend.getOutputStream().write("HTTP/1.1 204 Done\r\n\r\n".getBytes(ISO_8859_1));
                assertThat(client.read(true).orElseThrow().status()).isEqualTo(204);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 4||ab, cd", "Transfer-Encoding: chunked||2|ab|, 2|cd|0||"})
    void httpdByItselfConnectsOnlyWhenTheBodyHasCome(String head, String rest) throws Exception {
        long before = a.accepted();
        try (RawHttp client = RawHttp.connect(httpd.port(1))) {
            client.send(post(head));
            await().during(A_WHILE).until(() -> a.accepted() == before);
            client.send(rest.replace("|", "\r\n"));
            assertThat(client.read(false).orElseThrow().status()).isEqualTo(200);
        }
    }

    @Test
    void anUploadOverHttp2IsConnectedBeforeItsBodyHasComeToo() throws Exception {
        undrain();
        long before = a.accepted();
        Process curl = new ProcessBuilder(
                        "curl",
                        "-sS",
                        "--http2-prior-knowledge",
                        "-H",
                        "Host: " + SHOP,
                        "-T",
                        "-",
                        "http://127.0.0.1:" + httpd.port() + "/h2")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        curl.getOutputStream().write('a');
        curl.getOutputStream().flush();
        await().until(() -> a.accepted() > before);
        drain();
        curl.getOutputStream().write('b');
        curl.getOutputStream().close();
        String answer = new String(curl.getInputStream().readAllBytes(), ISO_8859_1);
        assertThat(answer).contains("\"backend\":\"a\"", "\"body\":\"ab\"");
    }

    @Test
    void aWebSocketAndALongDownloadSurviveADrain() throws Exception {
        undrain();
        String large = "0123456789".repeat(4_000_000);
        a.answers(request ->
                request.target().equals("/large") ? new Answer(200, Map.of(), large) : Answer.echo(SHOP, "a", request));
        try (RawHttp socket = RawHttp.connect(httpd.port());
                RawHttp download = RawHttp.connect(httpd.port())) {
            download.send(RawHttp.request("GET", SHOP, "/large"));
            socket.send(RawHttp.request(
                    "GET",
                    SHOP,
                    "/ws",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            await().until(() -> a.open() == 2);
            drain();
            assertThat(Echo.of(RawHttp.get(httpd.port(), SHOP, "/new")).backend())
                    .isEqualTo("b");
            assertThat(download.read(false).orElseThrow().body()).hasSize(large.length());
            assertThat(a.open()).isEqualTo(1);
        } finally {
            a.answers(request -> Answer.echo(SHOP, "a", request));
        }
    }
}
