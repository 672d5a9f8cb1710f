package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rollcall.registrar.http.InFlightServletFilter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A servlet container, counted. */
final class InFlightServletFilterTest {
    private final InFlight inFlight = new InFlight();
    private final BlockingQueue<AsyncContext> kept = new ArrayBlockingQueue<>(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private Server server;
    private int port;

    /** What it does is in the path. */
    private final class Everything extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (request.getServletPath()) {
                case "/now" -> response.getWriter().print("hello");
                case "/slow" -> {
                    awaitPermission();
                    response.getWriter().print("hello");
                }
                case "/later" -> kept.add(request.startAsync());
                // Not 1 ms: of some hundred such requests Jetty 12.1.13 never answers one or two, without any filter
                // too.
                case "/never" -> request.startAsync().setTimeout(200);
                case "/at-once" -> request.startAsync(request, response).dispatch("/slow");
                case "/again" -> again(request);
                case "/broken" -> throw new IOException("on purpose");
                case "/switch" -> response.setStatus(101);
                default -> response.sendError(404);
            }
        }

        private void again(HttpServletRequest request) {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch("/again");
            } else {
                kept.add(request.startAsync());
            }
        }

        private void awaitPermission() {
            try {
                assertThat(mayAnswer.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        FilterHolder filter = new FilterHolder(new InFlightServletFilter(inFlight));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        ServletHolder servlet = new ServletHolder(new Everything());
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/");
        server.setHandler(context);
        server.start();
        port = connector.getLocalPort();
    }

    @AfterEach
    void stop() throws Exception {
        mayAnswer.countDown();
        server.stop();
    }

    private Caller ask(String path) throws IOException {
        return new Caller(port).ask(path);
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
    void anAsynchronousRequestCountsUntilItIsComplete() throws Exception {
        try (Caller caller = ask("/later")) {
            AsyncContext context = kept.poll(60, TimeUnit.SECONDS);
            assertThat(inFlight.count()).isEqualTo(1);
            context.getResponse().getWriter().print("hello");
            context.getResponse().flushBuffer();
            assertThat(caller.head()).startsWith("http/1.1 200");
            assertThat(inFlight.count()).isEqualTo(1);
            context.complete();
            await().until(() -> inFlight.count() == 0);
        }
    }

    @Test
    void anAsynchronousRequestThatNobodyAnswersEndsWithItsTimeout() throws Exception {
        try (Caller caller = ask("/never")) {
            assertThat(caller.head()).startsWith("http/1.1 500");
            await().until(() -> inFlight.count() == 0);
        }
    }

    /** Dispatched before the filter's chain has returned, when it is not "started" any more. */
    @Test
    void aRequestThatIsDispatchedAtOnceCountsUntilItIsAnswered() throws Exception {
        try (Caller caller = ask("/at-once")) {
            await().until(() -> inFlight.count() == 1);
            await().during(java.time.Duration.ofMillis(200)).until(() -> inFlight.count() == 1);
            mayAnswer.countDown();
            assertThat(caller.head()).startsWith("http/1.1 200");
            await().until(() -> inFlight.count() == 0);
        }
    }

    @Test
    void aRequestThatGoesAsynchronousOnceMoreCountsUntilThatIsComplete() throws Exception {
        try (Caller caller = ask("/again")) {
            AsyncContext second = kept.poll(60, TimeUnit.SECONDS);
            assertThat(inFlight.count()).isEqualTo(1);
            second.complete();
            assertThat(caller.head()).startsWith("http/1.1 200");
            await().until(() -> inFlight.count() == 0);
        }
    }

    @Test
    void aServletThatFailsEndsTheRequest() throws Exception {
        try (Caller caller = ask("/broken")) {
            assertThat(caller.head()).startsWith("http/1.1 500");
            await().until(() -> inFlight.count() == 0);
        }
    }

    @Test
    void aConnectionThatSwitchesItsProtocolIsNotFollowed() throws Exception {
        try (Caller caller = ask("/switch")) {
            await().until(inFlight::isIncomplete);
            assertThat(caller).isNotNull();
        }
    }

    @Test
    void aWebSocketThatIsRefusedIsARequestLikeAnyOther() throws Exception {
        String upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
        try (Caller caller = new Caller(port)) {
            assertThat(caller.ask("/refused", upgrade).head()).startsWith("http/1.1 404");
            await().until(() -> inFlight.count() == 0);
            assertThat(inFlight.isIncomplete()).isFalse();
        }
        try (Caller caller = new Caller(port)) {
            caller.ask("/now", upgrade);
            await().until(inFlight::isIncomplete);
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
        }
    }
}
