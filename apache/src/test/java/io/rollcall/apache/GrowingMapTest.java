package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.publish.Publisher;
import io.rollcall.agent.publish.WorkersConf;
import io.rollcall.agent.view.Backend;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** httpd reads the agent's maps while names come by the thousand, change, and go: between text and hashed map, and between depths. */
class GrowingMapTest {
    private static final int STEADY = 10;
    private static final int MANY_BACKENDS = 60;

    private final List<Service> others = IntStream.range(0, 6000)
            .mapToObj(i -> service("other-" + i + ".example.com", List.of(new Target("10.0.0.1", 80))))
            .toList();
    private final AtomicInteger published = new AtomicInteger();
    private volatile boolean done;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void noAnswerIsOlderThanItsQuestion(@TempDir Path directory) throws Exception {
        Path maps = directory.resolve("maps");
        ExecutorService background = Executors.newSingleThreadExecutor();
        AtomicBoolean news = new AtomicBoolean();
        try (Publisher publisher = new Publisher(
                maps, WorkersConf.upTo(STEADY), background, () -> news.set(true), Duration.ofMillis(500))) {
            publisher.publish(view(STEADY));
            try (Httpd httpd = httpd(directory, maps)) {
                List<CompletableFuture<Integer>> askers = IntStream.range(0, 4)
                        .mapToObj(seed -> CompletableFuture.supplyAsync(() -> ask(httpd.port(), seed)))
                        .toList();
                Set<String> depths = new HashSet<>();
                for (int size : new int[] {800, 6000, 900, STEADY}) {
                    for (int told = 0; told < 2; told += news.getAndSet(false) ? 1 : 0) { // laid out, written
                        for (CompletableFuture<Integer> asker : askers) {
                            asker.getNow(0); // throws what it threw
                        }
                        publisher.publish(view(size));
                        published.incrementAndGet();
                    }
                    depths.add(Files.size(maps.resolve("names.dir")) + " " + Files.size(maps.resolve("names.pag")));
                }
                done = true;
                for (CompletableFuture<Integer> asker : askers) {
                    assertThat(asker.get(30, TimeUnit.SECONDS)).isGreaterThan(100);
                }
                assertThat(depths).hasSizeGreaterThanOrEqualTo(3);
            }
        } finally {
            done = true;
            background.shutdownNow();
            assertThat(background.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** The whole lookup, but instead of proxying it tells where the request would have gone. */
    private static Httpd httpd(Path directory, Path maps) throws IOException {
        return Httpd.in(directory.resolve("httpd"))
                .maps(maps)
                .directives("MaxKeepAliveRequests 0")
                .directives("""
                        <VirtualHost *:${PORT}>
                            Use RollcallSetUp
                            Use RollcallFirst
                            Use RollcallName
                            Use RollcallDice
                            RewriteRule ^ "http://%{ENV:ROLLCALL_ANSWER}/" [R=302,NE,L]
                        </VirtualHost>""")
                .start();
    }

    /** Returns how often it asked. */
    private int ask(int port, int seed) {
        int asked = 0;
        try (RawHttp http = RawHttp.connect(port)) {
            while (!done) {
                int oldest = published.get();
                String name = seed == 0 ? "big.example.com" : "n" + (asked + seed) % STEADY + ".example.com";
                http.send(RawHttp.request("GET", name, "/", "Connection: keep-alive"));
                String answer =
                        http.read(false).orElseThrow().header("Location").orElse("none");
                assertThat(answer).as(name).matches("http://10\\.\\d+\\.\\d+\\.\\d+:\\d+/");
                String[] parts = answer.split("[.:/]+");
                int round = Integer.parseInt(parts[2]) * 250 + Integer.parseInt(parts[3]);
                assertThat(round).as(name).isGreaterThanOrEqualTo(oldest);
                asked++;
            }
            return asked;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Some names whose addresses tell the round, one of them with many backends, and others that are only there. */
    private View view(int size) {
        int round = published.get() + 1;
        Map<String, Service> services = new TreeMap<>();
        for (int i = 0; i < STEADY; i++) {
            add(services, "n" + i + ".example.com", List.of(target(round, i)));
        }
        add(
                services,
                "big.example.com",
                IntStream.range(0, MANY_BACKENDS)
                        .mapToObj(i -> target(round, i))
                        .toList());
        for (int i = STEADY; i < size; i++) {
            services.put("other-" + i + ".example.com", others.get(i));
        }
        return View.of(services, List.of(), List.of(), false);
    }

    private static Target target(int round, int i) {
        return new Target("10." + round / 250 + "." + round % 250 + "." + i, 8080);
    }

    private static void add(Map<String, Service> services, String name, List<Target> targets) {
        services.put(name, service(name, targets));
    }

    private static Service service(String name, List<Target> targets) {
        List<Backend> backends = new ArrayList<>();
        for (Target target : targets) {
            backends.add(new Backend(
                    "/" + name + "/" + target,
                    target.toString(),
                    1,
                    Optional.empty(),
                    new Standing.Routable(target, 1)));
        }
        return new Service(name, true, true, backends);
    }
}
