package io.rollcall.deploy.soak;

import io.rollcall.apache.LoadClient;
import io.rollcall.apache.LoadClient.Ask;
import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.apache.SlowRequest;
import io.rollcall.deploy.stage.Front;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * 500 requests a second over all front ends and services: short ones, 2 s answers, 3 s downloads, 2 s uploads and 3 s WebSockets. Each
 * is sent when it is due, whatever became of those before it, and checked to its last byte.
 */
final class MixedLoad implements AutoCloseable {
    static final int RATE = 500;
    private static final int UPLOADS = 12;
    private static final int WEB_SOCKETS = 8;

    /** Of as many requests of the other kinds: two in a hundred take 2 s, less than one takes 3 s. */
    private static final int CYCLE = 240;

    private static final int CONNECTIONS = 150;

    /** One request that failed. */
    record Failure(long beganNanos, long endedNanos, String request, String reason) {
        @Override
        public String toString() {
            return request + ": " + reason;
        }
    }

    private final Map<String, AtomicLong> good = new ConcurrentHashMap<>();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final List<LoadClient> clients = new ArrayList<>();
    private final ExecutorService slow = Executors.newCachedThreadPool();
    private final long beganNanos = System.nanoTime();
    private volatile boolean stopped; // by stop and close
    private volatile long endedNanos; // by stop

    private MixedLoad() {}

    static MixedLoad start(List<Front> fronts, List<String> services) throws IOException {
        MixedLoad load = new MixedLoad();
        double rate = (double) (RATE - UPLOADS - WEB_SOCKETS) / fronts.size();
        for (Front front : fronts) {
            load.clients.add(LoadClient.atRate(rate, front.address(), CONNECTIONS, asks(services), load::note));
        }
        List<InetSocketAddress> to = fronts.stream().map(Front::address).toList();
        load.repeat(UPLOADS, to, requests(services, SlowRequest.Kind.UPLOAD, "/upload", 20, Duration.ofMillis(100)));
        load.repeat(
                WEB_SOCKETS,
                to,
                requests(services, SlowRequest.Kind.WEB_SOCKET, "/socket", 12, Duration.ofMillis(250)));
        return load;
    }

    private static List<Ask> asks(List<String> services) {
        List<Ask> asks = new ArrayList<>();
        Map<String, Integer> turns = new TreeMap<>();
        for (int i = 0; i < CYCLE * services.size(); i++) {
            String path = "/short";
            if (i % 24 == 0) {
                path = "/slow";
            } else if (i % 60 == 6) {
                path = "/download";
            } else if (i % 24 == 12) {
                path = "/post";
            }
            int turn = turns.merge(path, 1, Integer::sum);
            String service = services.get(turn % services.size());
            // A kept-alive connection may end just when a request is sent on it, and only a short GET is sent again by
            // the client.
            asks.add(
                    path.equals("/short")
                            ? Ask.of("GET", service, path)
                            : Ask.of(path.equals("/post") ? "POST" : "GET", service, path)
                                    .onItsOwn());
        }
        return asks;
    }

    private static List<SlowRequest> requests(
            List<String> services, SlowRequest.Kind kind, String path, int pieces, Duration pause) {
        return services.stream()
                .map(service -> new SlowRequest(kind, service, path, pieces, pause))
                .toList();
    }

    private void repeat(int perSecond, List<InetSocketAddress> to, List<SlowRequest> requests) {
        slow.execute(() -> {
            for (int number = 0; !stopped; number++) {
                long due = beganNanos + number * 1_000_000_000L / perSecond;
                Waiting.pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                // The front ends in turn, and each service through each of them.
                SlowRequest request = requests.get(number / to.size() % requests.size());
                InetSocketAddress front = to.get(number % to.size());
                slow.execute(() -> send(request, front));
            }
        });
    }

    private void send(SlowRequest request, InetSocketAddress to) {
        try {
            SlowRequest.Outcome outcome = request.send(to);
            if (outcome.good()) {
                count(request.target());
            } else {
                failures.add(new Failure(
                        outcome.beganNanos(),
                        outcome.endedNanos(),
                        request.kind() + " " + request.service(),
                        outcome.reason()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(Exchange exchange) {
        Ask ask = exchange.ask();
        if (exchange.good()) {
            count(ask.target());
        } else {
            failures.add(new Failure(
                    exchange.askedNanos(),
                    exchange.endedNanos(),
                    ask.method() + " " + ask.host() + ask.target(),
                    exchange.reason()));
        }
    }

    private void count(String path) {
        good.computeIfAbsent(path, key -> new AtomicLong()).incrementAndGet();
    }

    /** Sends nothing more, and waits for what is open. */
    MixedLoad stop() throws InterruptedException {
        stopped = true;
        endedNanos = System.nanoTime();
        clients.forEach(client -> slow.execute(client::close)); // at the same time
        Waiting.pause(Duration.ofMillis(200)); // those who start slow requests end
        slow.shutdown();
        slow.awaitTermination(30, TimeUnit.SECONDS);
        return this;
    }

    List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** Requests answered and right, by path. */
    Map<String, Long> good() {
        Map<String, Long> numbers = new TreeMap<>();
        good.forEach((path, number) -> numbers.put(path, number.get()));
        return numbers;
    }

    long answered() {
        return good().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests a second, those that failed included. */
    double rate() {
        return (answered() + failures.size()) * 1e9 / (endedNanos - beganNanos);
    }

    @Override
    public void close() {
        stopped = true;
        slow.shutdownNow();
        clients.forEach(LoadClient::close);
    }
}
