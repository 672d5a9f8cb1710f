package io.rollcall.apache;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A small HTTP/1.1 server that says who it is (headers {@code X-Service} and {@code X-Backend}) and echoes what it was asked
 * ({@link Answer#echo}); an {@code Upgrade: websocket} becomes an echo of messages. It takes any request target, since what httpd
 * makes of odd ones is what tests ask. One daemon thread for each connection.
 */
public final class Backend implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 1000;

    private final String service;
    private final String id;
    private final ServerSocket server;
    private final Thread acceptor;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong first = new AtomicLong();
    private final AtomicLong last = new AtomicLong();
    // Set by whoever drives the backend, read by its connections.
    private volatile Duration delay = Duration.ZERO;
    private volatile Function<HttpMessage, Answer> answers;
    private volatile boolean resets;
    private volatile boolean closesLast;

    private Backend(String service, String id, ServerSocket server) {
        this.service = service;
        this.id = id;
        this.server = server;
        this.answers = request -> Answer.echo(service, id, request);
        this.acceptor = thread("backend-" + id, this::accept);
    }

    /** Starts one on a free port of 127.0.0.1. */
    public static Backend start(String service, String id) throws IOException {
        return start(service, id, Ports.loopback(), 0);
    }

    /** Starts one on an address; port 0 takes a free one. */
    public static Backend start(String service, String id, InetAddress address, int port) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(address, port), 511);
        Backend backend = new Backend(service, id, server);
        backend.acceptor.start();
        return backend;
    }

    /** Every answer from now on takes this long. */
    public Backend delay(Duration delay) {
        this.delay = delay;
        return this;
    }

    /** Answers otherwise than by echoing. The two headers that say who answered are added to it. */
    public Backend answers(Function<HttpMessage, Answer> answers) {
        this.answers = answers;
        return this;
    }

    /** Whether it ends each connection by a reset, as soon as it has read a request there. */
    public Backend resets(boolean resets) {
        this.resets = resets;
        return this;
    }

    /**
     * Has the other side close each connection, and resets those that are open when it is closed itself. So nothing of them is left at
     * its port, which would hold a later connection from the same port up (TIME_WAIT).
     */
    public Backend closesLast(boolean closesLast) {
        this.closesLast = closesLast;
        return this;
    }

    public String service() {
        return service;
    }

    public String id() {
        return id;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** As httpd and the maps write it: {@code 127.0.0.1:8080}, {@code [::1]:8080}. */
    public String address() {
        InetAddress address = server.getInetAddress();
        String host = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port();
    }

    /** How many requests have come. */
    public long requests() {
        return requests.get();
    }

    /** How many connections have been taken. */
    public long accepted() {
        return accepted.get();
    }

    /** How many requests are being answered now. */
    public int open() {
        return open.get();
    }

    /** When the first request came, on the clock of {@link System#nanoTime}. */
    public OptionalLong firstRequestNanos() {
        return requests.get() == 0 ? OptionalLong.empty() : OptionalLong.of(first.get());
    }

    /** When the youngest request came, on the clock of {@link System#nanoTime}. */
    public OptionalLong lastRequestNanos() {
        return requests.get() == 0 ? OptionalLong.empty() : OptionalLong.of(last.get());
    }

    /** Refuses new connections and cuts the open ones, as the death of the process would. */
    @Override
    public void close() throws IOException {
        server.close();
        try {
            acceptor.join(); // nor is one taken now
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket connection : connections) {
            if (closesLast && !connection.isClosed()) {
                reset(connection);
            }
            connection.close();
        }
    }

    private static void reset(Socket connection) {
        try {
            connection.setSoLinger(true, 0);
        } catch (IOException e) {
            // it has just been closed
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            acceptOne();
        }
    }

    private void acceptOne() {
        try {
            Socket connection = server.accept();
            connections.add(connection);
            accepted.incrementAndGet();
            thread("backend-" + id + "-connection", () -> serve(connection)).start();
        } catch (IOException e) {
            return; // closed, or a connection that died before it was taken
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            BufferedInputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = new BufferedOutputStream(connection.getOutputStream(), 16_384);
            Optional<HttpMessage> request = HttpMessage.read(in, false, false);
            while (request.isPresent()) {
                arrived();
                if (resets) {
                    open.decrementAndGet();
                    connection.setSoLinger(true, 0);
                    return;
                }
                try {
                    if (request.get()
                            .header("Upgrade")
                            .filter("websocket"::equalsIgnoreCase)
                            .isPresent()) {
                        WebSocketEcho.run(request.get(), in, out, identity());
                        return;
                    }
                    answer(request.get(), out);
                } finally {
                    open.decrementAndGet();
                }
                if (request.get()
                        .header("Connection")
                        .filter("close"::equalsIgnoreCase)
                        .isPresent()) {
                    if (closesLast) {
                        connection.setSoTimeout(PATIENCE_MILLIS);
                        in.read();
                    }
                    return;
                }
                request = HttpMessage.read(in, false, false);
            }
        } catch (IOException | InterruptedException e) {
            return; // the peer is gone, or we are
        } finally {
            connections.remove(connection);
        }
    }

    private void arrived() {
        long now = System.nanoTime();
        last.set(now);
        if (requests.get() == 0) {
            first.compareAndSet(0, now);
        }
        open.incrementAndGet();
        requests.incrementAndGet();
    }

    private void answer(HttpMessage request, OutputStream out) throws IOException, InterruptedException {
        if (!delay.isZero()) {
            Thread.sleep(delay.toMillis());
        }
        Answer answer = answers.apply(request);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Said\r\n" + identity());
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        head.append("Content-Length: ").append(answer.body().length()).append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!request.method().equals("HEAD")) {
            out.write(answer.body().getBytes(StandardCharsets.ISO_8859_1));
        }
        out.flush();
    }

    private String identity() {
        return "X-Service: " + service + "\r\nX-Backend: " + id + "\r\n";
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
