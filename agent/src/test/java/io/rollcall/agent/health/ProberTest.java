package io.rollcall.agent.health;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against real sockets on loopback. */
final class ProberTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final long SECOND = 1_000_000_000L;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private Prober prober;

    @BeforeEach
    void start() throws IOException {
        prober = prober(2 * SECOND);
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void aServerThatAcceptsPasses() throws Exception {
        assertThat(probe(server(50).getLocalPort(), "")).isEqualTo(new Outcome.Passed());
    }

    @Test
    void aRefusedConnectionIsHard() throws Exception {
        ServerSocket server = server(50);
        int port = server.getLocalPort();
        server.close();
        assertThat(probe(port, "")).isEqualTo(new Outcome.Failed(Failure.hard("Connection refused")));
        assertThat(probe(port, "/health")).isEqualTo(new Outcome.Failed(Failure.hard("Connection refused")));
    }

    @Test
    void aServerThatTakesNoMoreConnectionsIsSilent() throws Exception {
        prober = prober(SECOND / 5);
        ServerSocket server = server(1);
        for (int i = 0; i < 4; i++) { // nobody accepts: the kernel takes two, and answers no more after that
            Socket filler = later(new Socket());
            try {
                filler.connect(server.getLocalSocketAddress(), 100);
            } catch (IOException e) {
                break;
            }
        }
        assertThat(probe(server.getLocalPort(), ""))
                .isEqualTo(new Outcome.Failed(Failure.silent("no connection within 200 ms")));
    }

    @Test
    void aStoppedProcessPassesTcpAndFailsHttp() throws Exception {
        prober = prober(SECOND / 5);
        int port = server(50).getLocalPort(); // the kernel accepts, nobody reads
        assertThat(probe(port, "")).isEqualTo(new Outcome.Passed());
        assertThat(probe(port, "/health"))
                .isEqualTo(new Outcome.Failed(Failure.silent("no answer to GET /health within 200 ms")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HTTP/1.1 200 OK~~           | passed
            HTTP/1.0 204~~              | passed
            HTTP/1.1 302 Found~~        | passed
            HTTP/1.1 503 No~~           | answered 503
            HTTP/1.1 404 No~~           | answered 404
            HTTP/1.1 100 Continue~~     | answered 100
            HTTP/1.1 200                | passed
            HTTP/1.1 20                 | closed before it answered
            HTTP/1.1 2000 OK~~          | no HTTP answer: 'HTTP/1.1 2000'
            HTTP/1.1 2x0 OK~~           | no HTTP answer: 'HTTP/1.1 2x0 '
            SSH-2.0-OpenSSH_9           | no HTTP answer: 'S'
            HTTP/2.0 200 OK             | no HTTP answer: 'HTTP/2'
            ''                          | closed before it answered
            """)
    void anAnswerIsJudgedByItsStatus(String answer, String expected) throws Exception {
        ServerSocket server = server(50);
        answering(server, answer.replace("~", "\r\n"), false);
        assertThat(text(probe(server.getLocalPort(), "/health"))).isEqualTo(expected);
    }

    @Test
    void aHeaderWithoutEndIsNotReadToItsEnd() throws Exception {
        ServerSocket server = server(50);
        answering(server, "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000), true);
        assertThat(probe(server.getLocalPort(), "/health")).isEqualTo(new Outcome.Passed());
    }

    @Test
    void aConnectionResetAfterTheRequestIsSoft() throws Exception {
        ServerSocket server = server(50);
        serve(server, socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        });
        assertThat(text(probe(server.getLocalPort(), "/health"))).contains("reset");
        assertThat(((Outcome.Failed) outcomes.get(0)).failure().kind()).isEqualTo(Failure.Kind.SOFT);
    }

    @Test
    void theRequestNamesTheServiceAndEndsTheConnection() throws Exception {
        ServerSocket server = server(50);
        java.util.Queue<String> request = new java.util.concurrent.ConcurrentLinkedQueue<>();
        serve(server, socket -> {
            byte[] bytes = new byte[1000];
            request.add(new String(bytes, 0, socket.getInputStream().read(bytes), StandardCharsets.US_ASCII));
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });
        probe(server.getLocalPort(), "/health?deep=1");
        assertThat(request.element().lines().toList())
                .contains("GET /health?deep=1 HTTP/1.1", "Host: shop.example.com", "Connection: close");
    }

    @Test
    void whatArrivedDuringAPauseOfThisProcessIsNoTimeOut() throws Exception {
        long[] now = {0};
        prober = later(new Prober(SECOND, () -> now[0], (subject, startedAt, outcome) -> outcomes.add(outcome)));
        ServerSocket server = server(50);
        prober.probe(subject(server.getLocalPort(), "/health"), false);
        prober.run(0);
        now[0] = 100 * SECOND; // our own clock went on, and the answer came meanwhile
        try (Socket socket = server.accept()) {
            // the connection stands, the request has to be sent yet
            while (outcomes.isEmpty() && socket.getInputStream().available() == 0) {
                now[0] = 0;
                prober.run(SECOND / 100);
            }
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // loopback has delivered it when the write returns
            now[0] = 100 * SECOND;
            prober.run(0);
        }
        assertThat(outcomes).containsExactly(new Outcome.Passed());
    }

    @Test
    void thousandsAreProbedWithAFewHundredSocketsAtOnce() throws Exception {
        ServerSocket server = server(1000);
        serve(server, socket -> {});
        int port = server.getLocalPort();
        for (int i = 0; i < 2000; i++) {
            prober.probe(new Subject("127.0." + i / 250 + "." + (1 + i % 250), port, "", ""), false);
        }
        await(2000);
        assertThat(outcomes).containsOnly(new Outcome.Failed(Failure.hard("Connection refused")), new Outcome.Passed());
        assertThat(prober.made()).isEqualTo(2000);
    }

    @Test
    void howeverManyAreSilentTheOthersDoNotWaitForThem() throws Exception {
        long[] now = {0};
        List<Subject> ended = new ArrayList<>();
        prober = later(new Prober(SECOND, () -> now[0], (subject, startedAt, outcome) -> ended.add(subject)));
        int silent = later(new ServerSocket(0, 4096)).getLocalPort(); // the kernel accepts, nobody reads
        for (int i = 0; i < Prober.MOST; i++) {
            prober.probe(new Subject("127.0." + i / 250 + "." + (1 + i % 250), silent, "/health", "shop"), false);
        }
        prober.run(0);
        now[0] = SECOND;
        prober.run(0);
        List<Subject> timedOut = List.copyOf(ended);
        assertThat(timedOut).hasSize(Prober.MOST);
        timedOut.forEach(subject -> prober.probe(subject, false));
        prober.run(0);
        assertThat(prober.made()).isEqualTo(Prober.MOST + Prober.MOST / 2);

        ended.clear();
        Subject suspect = timedOut.get(Prober.MOST - 1);
        prober.probe(suspect, true); // those under way are done first, and then it, of all that wait
        Subject well = subject(server(50).getLocalPort(), "");
        prober.probe(well, false);
        Awaitility.await().atMost(30, SECONDS).until(() -> {
            prober.run(0);
            return ended.contains(well);
        });
        assertThat(ended).containsExactly(well);
        now[0] = 2 * SECOND;
        prober.run(0); // ends those that were under way
        prober.run(0); // begins the other half, the suspect first
        assertThat(prober.isAsked(suspect)).isTrue();
        now[0] = 3 * SECOND;
        ended.clear();
        prober.run(0);
        assertThat(ended.get(0)).isEqualTo(suspect);
    }

    @Test
    void whatCannotBeConnectedToAtAllEndsNoStep() throws Exception {
        Outcome outcome = probe(new Subject("no.literal.invalid", 80, "", ""));
        assertThat(outcome).isInstanceOf(Outcome.NotMade.class);
        assertThat(probe(server(50).getLocalPort(), "")).isEqualTo(new Outcome.Passed());
    }

    @Test
    void whereThisHostHasNoIpv6SuchABackendIsSilent() {
        assertThat(Probe.failed(new UnsupportedAddressTypeException(), true))
                .isEqualTo(new Outcome.Failed(Failure.silent("this host has no IPv6")));
    }

    private Outcome probe(Subject subject) throws IOException {
        outcomes.clear();
        prober.probe(subject, false);
        await(1);
        return outcomes.get(0);
    }

    private Outcome probe(int port, String path) throws IOException {
        return probe(subject(port, path));
    }

    private void await(int number) throws IOException {
        long begin = System.nanoTime();
        while (outcomes.size() < number && System.nanoTime() - begin < 30 * SECOND) {
            prober.run(SECOND / 10);
        }
        assertThat(outcomes).hasSize(number);
    }

    private static Subject subject(int port, String path) {
        return new Subject(LOOPBACK.getHostAddress(), port, path, path.isEmpty() ? "" : "shop.example.com");
    }

    private Prober prober(long timeout) throws IOException {
        return later(new Prober(timeout, System::nanoTime, (subject, startedAt, outcome) -> outcomes.add(outcome)));
    }

    private ServerSocket server(int backlog) throws IOException {
        ServerSocket server = later(new ServerSocket());
        server.bind(new InetSocketAddress(LOOPBACK, 0), backlog);
        return server;
    }

    private static String text(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed ? failed.failure().reason() : "passed";
    }

    private static void answering(ServerSocket server, String answer, boolean linger) {
        serve(server, socket -> {
            socket.getInputStream().read(new byte[1000]);
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            if (linger) {
                socket.getInputStream().read();
            }
        });
    }

    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private static void serve(ServerSocket server, Service service) {
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    service.serve(socket);
                } catch (IOException e) {
                    // the client or the test has gone
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private <T extends AutoCloseable> T later(T closeable) {
        open.push(closeable);
        return closeable;
    }
}
