package io.rollcall.apache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.agent.drain.RequestEvidence.Reading;
import io.rollcall.agent.drain.RequestEvidence.Watch;
import io.rollcall.agent.logs.RequestLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What httpd's logs tell of requests that are open, read by what the agent reads them with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvidenceTest {
    private static final String SHOP = "shop.example.com";
    private static final Reading NONE = new Reading.None();

    private Backend a;
    private Backend b;
    private TestMaps maps;
    private Path errorLog;
    private Httpd httpd;
    private RequestLogs logs;
    private volatile CountDownLatch hold = new CountDownLatch(0);

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        a = Backend.start(SHOP, "a").answers(request -> {
            CountDownLatch latch = hold;
            await().until(() -> latch.await(10, TimeUnit.MILLISECONDS));
            return Answer.echo(SHOP, "a", request);
        });
        b = Backend.start(SHOP, "b");
        maps = new TestMaps(directory.resolve("maps"));
        errorLog = directory.resolve("httpd/shop-error.log");
        String site = "ErrorLog \"" + errorLog + "\"\nProtocols h2c http/1.1\nUse RollcallKeep /kept/\nUse Rollcall\n"
                + "<Location \"/denied\">\nRequire all denied\n</Location>";
        httpd = Httpd.in(directory.resolve("httpd"))
                .maps(maps.directory())
                .evidence()
                .with("http2")
                .virtualHost(SHOP, site)
                .start();
        logs = RequestLogs.ofHttpd(List.of(errorLog, httpd.requestLog()), httpd.pid());
        logs.start();
        await().until(() ->
                logs.status().lines() >= 0 && !logs.watch(SHOP, "").read().equals(NONE));
        // Its first children are older than the reader.
        httpd.gracefulRestart();
        maps.publish(SHOP + " " + b.address() + "\n");
        RawHttp.get(httpd.port(), SHOP, "/first");
        await().until(() -> logs.watch(SHOP, "").read().equals(NONE));
    }

    @AfterAll
    void stop() throws Exception {
        logs.close();
        httpd.close();
        a.close();
        b.close();
    }

    @BeforeEach
    void toA() throws IOException {
        hold = new CountDownLatch(1);
        maps.publish(SHOP + " " + a.address() + "\n");
    }

    /** Sends new requests to the other one, and watches what is still open at the first. */
    private Watch handedOver() throws IOException {
        maps.publish(SHOP + " " + b.address() + "\n");
        return logs.watch(SHOP, a.address());
    }

    private static ThrowingRunnable opens(Watch watch, int requests) {
        return () -> assertThat(watch.read())
                .isInstanceOfSatisfying(
                        Reading.Open.class, open -> assertThat(open.requests()).isEqualTo(requests));
    }

    private static Callable<Boolean> quiet(Watch watch) {
        return () -> watch.read().equals(NONE);
    }

    @Test
    void aSlowAnswerIsOpenUntilItsLastByte() throws Exception {
        try (RawHttp client = RawHttp.connect(httpd.port())) {
            client.send(RawHttp.request("GET", SHOP, "/slow"));
            await().until(() -> a.open() == 1);
            Watch watch = handedOver();
            assertThat(watch.read()).isInstanceOf(Reading.Open.class);
            assertThat(Echo.of(RawHttp.get(httpd.port(), SHOP, "/new")).backend())
                    .isEqualTo("b");
            await().untilAsserted(opens(watch, 1));
            hold.countDown();
            assertThat(client.read(false).orElseThrow().status()).isEqualTo(200);
            await().until(quiet(watch));
        }
    }

    @Test
    void anUploadIsOpenBeforeItsBodyHasCome() throws Exception {
        hold.countDown();
        try (RawHttp client = RawHttp.connect(httpd.port())) {
            client.send("POST /up HTTP/1.1\r\nHost: " + SHOP + "\r\nContent-Length: 4\r\nConnection: close\r\n\r\nab");
            await().until(() -> a.accepted() > 0);
            Watch watch = handedOver();
            await().untilAsserted(opens(watch, 1));
            client.send("cd");
            assertThat(Echo.of(client.read(false).orElseThrow()).backend()).isEqualTo("a");
            await().until(quiet(watch));
        }
    }

    @Test
    void aWebSocketIsOpenUntilItIsClosedAndSurvivesAGracefulRestart() throws Exception {
        hold.countDown();
        Watch watch;
        try (RawHttp client = RawHttp.connect(httpd.port())) {
            client.send(RawHttp.request(
                    "GET",
                    SHOP,
                    "/ws",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
            await().until(() -> a.open() == 1);
            watch = handedOver();
            await().untilAsserted(opens(watch, 1));
            httpd.gracefulRestart();
            assertThat(Echo.of(RawHttp.get(httpd.port(), SHOP, "/new")).backend())
                    .isEqualTo("b");
            await().untilAsserted(opens(watch, 1));
        }
        await().until(quiet(watch));
    }

    @Test
    void aStreamOfHttp2IsARequestLikeAnyOther() throws Exception {
        Process curl = new ProcessBuilder(
                        "curl",
                        "-sS",
                        "--http2-prior-knowledge",
                        "-H",
                        "Host: " + SHOP,
                        "-d",
                        "x",
                        "http://127.0.0.1:" + httpd.port() + "/h2")
                .redirectErrorStream(true)
                .start();
        await().until(() -> a.open() == 1);
        Watch watch = handedOver();
        await().untilAsserted(opens(watch, 1));
        hold.countDown();
        assertThat(new String(curl.getInputStream().readAllBytes(), ISO_8859_1)).contains("\"/h2\"");
        await().until(quiet(watch));
    }

    @Test
    void whoGoesAwayAndWhoIsRefusedLeaveNothingOpen() throws Exception {
        Watch before = handedOver();
        maps.publish(SHOP + " " + a.address() + "\n");
        try (RawHttp client = RawHttp.connect(httpd.port())) {
            client.send(RawHttp.request("GET", SHOP, "/gone"));
            await().until(() -> a.open() == 1);
        }
        assertThat(RawHttp.get(httpd.port(), SHOP, "/denied/x").status()).isEqualTo(403);
        assertThat(RawHttp.get(httpd.port(), SHOP, "/kept/x").status()).isIn(403, 404);
        assertThat(RawHttp.get(httpd.port(), "none.example.com", "/").status()).isEqualTo(404);
        assertThat(RawHttp.get(httpd.port(), SHOP, "/%zz").status()).isEqualTo(400);
        hold.countDown();
        await().until(quiet(before));
        await().until(quiet(handedOver()));
    }

    @Test
    void whatAKilledChildHadOpenIsOver() throws Exception {
        try (RawHttp client = RawHttp.connect(httpd.port())) {
            client.send(RawHttp.request("GET", SHOP, "/killed"));
            await().until(() -> a.open() == 1);
            Watch watch = handedOver();
            await().untilAsserted(opens(watch, 1));
            httpd.workers().forEach(ProcessHandle::destroyForcibly);
            await().until(quiet(watch));
        }
        hold.countDown();
    }

    @Test
    void theLogsMayBeRotatedMeanwhile() throws Exception {
        try (RawHttp client = RawHttp.connect(httpd.port())) {
            client.send(RawHttp.request("GET", SHOP, "/rotated"));
            await().until(() -> a.open() == 1);
            Watch watch = handedOver();
            Files.move(errorLog, errorLog.resolveSibling("shop-error.log.1"));
            Files.move(httpd.requestLog(), httpd.requestLog().resolveSibling("requests.log.1"));
            httpd.gracefulRestart();
            assertThat(Echo.of(RawHttp.get(httpd.port(), SHOP, "/new")).backend())
                    .isEqualTo("b");
            await().during(Duration.ofMillis(200)).untilAsserted(opens(watch, 1));
            hold.countDown();
            assertThat(client.read(false).orElseThrow().status()).isEqualTo(200);
            await().until(quiet(watch));
        }
    }
}
