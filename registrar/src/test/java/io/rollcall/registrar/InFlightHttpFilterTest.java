package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.rollcall.registrar.http.InFlightHttpFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The JDK's own HTTP server, counted. */
final class InFlightHttpFilterTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private final InFlight inFlight = new InFlight();
    private final BlockingQueue<HttpExchange> kept = new ArrayBlockingQueue<>(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        serve("/now", InFlightHttpFilterTest::answer);
        serve("/slow", exchange -> {
            try {
                assertThat(mayAnswer.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer(exchange);
        });
        serve("/later", kept::add);
        serve("/nothing", exchange -> exchange.sendResponseHeaders(204, -1));
        serve("/broken", exchange -> {
            throw new IOException("on purpose");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        mayAnswer.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(String path, HttpHandler handler) {
        server.createContext(path, handler).getFilters().add(new InFlightHttpFilter(inFlight));
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, HELLO.length);
        exchange.getResponseBody().write(HELLO);
        exchange.close();
    }

    private Caller ask(String path) throws IOException {
        return new Caller(server.getAddress().getPort()).ask(path);
    }

    @Test
    void aRequestCountsUntilItIsAnswered() throws Exception {
        try (Caller caller = ask("/slow")) {
            await().until(() -> inFlight.count() == 1);
            mayAnswer.countDown();
            assertThat(caller.head()).startsWith("http/1.1 200").doesNotContain("connection");
            await().until(() -> inFlight.count() == 0);
            assertThat(caller.ask("/now").head()).contains("200"); // on the same connection
        }
    }

    @Test
    void anExchangeThatIsAnsweredLaterCountsUntilItIsClosed() throws Exception {
        try (Caller caller = ask("/later")) {
            HttpExchange exchange = kept.poll(60, TimeUnit.SECONDS);
            exchange.sendResponseHeaders(200, HELLO.length);
            exchange.getResponseBody().write(HELLO);
            assertThat(caller.head()).startsWith("http/1.1 200");
            assertThat(inFlight.count()).isEqualTo(1);
            exchange.getResponseBody().close();
            await().until(() -> inFlight.count() == 0);
        }
    }

    @Test
    void anAnswerWithoutABodyEndsTheRequest() throws Exception {
        try (Caller caller = ask("/nothing")) {
            assertThat(caller.head()).startsWith("http/1.1 204");
            await().until(() -> inFlight.count() == 0);
        }
    }

    @Test
    void aHandlerThatFailsEndsTheRequest() throws Exception {
        try (Caller caller = ask("/broken")) {
            assertThat(caller.untilTheEnd()).isEmpty();
            await().until(() -> inFlight.count() == 0);
        }
    }

    @Test
    void whileItDrainsConnectionsAreClosed() throws Exception {
        try (Caller pooled = ask("/now");
                Caller slow = ask("/slow")) {
            assertThat(pooled.head()).doesNotContain("connection");
            await().until(() -> inFlight.count() == 1);
            inFlight.drain(true);
            mayAnswer.countDown();
            assertThat(slow.head()).contains("connection: close");
            assertThat(slow.untilTheEnd()).isEqualTo("hello");
            assertThat(pooled.ask("/now").untilTheEnd())
                    .startsWith("helloHTTP/1.1 200")
                    .endsWith("hello");
            inFlight.drain(false);
            try (Caller after = ask("/now")) {
                assertThat(after.head()).doesNotContain("connection");
            }
        }
    }
}
