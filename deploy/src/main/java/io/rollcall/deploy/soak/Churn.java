package io.rollcall.deploy.soak;

import io.rollcall.apache.Httpd;
import io.rollcall.apache.LoadClient;
import io.rollcall.apache.LoadClient.Ask;
import io.rollcall.apache.LoadReport;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.RequestLog;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Constant load while backends come and go: no request may fail, whichever way httpd looks up. */
final class Churn implements Run {
    private static final List<String> SERVICES = List.of("shop.example.com", "blog.example.com");
    private static final double RATE = 600;
    private static final int MEMBERS = 3;

    @Override
    public String name() {
        return "churn";
    }

    @Override
    public String about() {
        return "600 requests/s for 60 s while a backend joins and one leaves cleanly every second, text map and resolver: 0 failed";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        ground.eachLookup(name(), report, (stage, lookup) -> churn(stage, lookup, ground.quick() ? 15 : 60, report));
    }

    private static void churn(Stage stage, Stage.Lookup lookup, int seconds, Report report)
            throws IOException, InterruptedException {
        AgentProcess agent = stage.startAgent(Map.of());
        Httpd httpd = stage.startHttpd(agent, "httpd", lookup, OptionalInt.empty());
        Deque<Member> members = new ArrayDeque<>();
        AtomicInteger serial = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        ExecutorService leaving = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < MEMBERS * SERVICES.size(); i++) {
                members.add(next(agent, serial));
            }
            for (Member member : members) {
                if (!Waiting.until(Duration.ofSeconds(20), () -> routed(agent, member))) {
                    throw new IOException(member.backend().id() + " is not in the map after 20 s");
                }
            }
            LoadReport load;
            try (LoadClient client = LoadClient.atRate(RATE, httpd.port(), 40, asks())) {
                long begin = System.nanoTime();
                for (int second = 1; second <= seconds; second++) {
                    members.add(next(agent, serial));
                    Member leaver = members.remove();
                    leaving.execute(() -> leave(leaver, left));
                    Waiting.pause(Duration.ofNanos(Math.max(0, begin + second * 1_000_000_000L - System.nanoTime())));
                }
                leaving.shutdown();
                leaving.awaitTermination(10, TimeUnit.SECONDS);
                load = client.stop();
            }
            tell(lookup, httpd, load, seconds, left.get(), report);
        } finally {
            leaving.shutdownNow();
            members.parallelStream().forEach(member -> leave(member, left));
        }
    }

    private static Member next(AgentProcess agent, AtomicInteger serial) throws IOException {
        int number = serial.getAndIncrement();
        return Member.join(agent.zookeeper(), SERVICES.get(number % SERVICES.size()), "b-" + number);
    }

    private static boolean routed(AgentProcess agent, Member member) {
        return Maps.routes(
                agent.maps(), member.backend().service(), member.backend().address());
    }

    private static void leave(Member member, AtomicInteger left) {
        try {
            member.close();
            left.incrementAndGet();
        } catch (IOException e) {
            System.err.println(member.backend().id() + " could not leave: " + e);
        }
    }

    private static List<Ask> asks() {
        return List.of(
                Ask.of("GET", SERVICES.get(0), "/cart?item=1"),
                Ask.of("POST", SERVICES.get(1), "/comments"),
                Ask.of("GET", SERVICES.get(1), "/today"),
                Ask.of("HEAD", SERVICES.get(0), "/"));
    }

    private static void tell(Stage.Lookup lookup, Httpd httpd, LoadReport load, int seconds, int left, Report report)
            throws IOException {
        String name = lookup.word();
        List<RequestLog.Entry> log = RequestLog.read(httpd.accessLog());
        long bad = log.stream().filter(entry -> entry.status() != 200).count();
        long again = log.stream().filter(entry -> entry.attempt().equals("2")).count();
        report.figure(name + ", answered and right", load.ok(), "requests");
        report.figure(name + ", failed", load.failed(), "requests");
        report.figure(name + ", other than 200 in httpd's log", bad, "requests");
        report.figure(name + ", second tries", again, "requests");
        report.figure(name + ", sent again by the client", load.askedAgain(), "requests");
        report.figure(name + ", rate", load.rate(), "requests/s");
        report.figure(name + ", p50", load.latencies().quantile(0.5).toNanos() / 1e6, "ms");
        report.figure(name + ", p99", load.latencies().quantile(0.99).toNanos() / 1e6, "ms");
        report.figure(name + ", longest", load.latencies().quantile(1).toNanos() / 1e6, "ms");
        report.figure(name + ", joined and left", left, "backends");
        report.expect(name + ": none failed", load.failed() == 0 && bad == 0, load);
        report.expect(name + ": at least 500 requests/s", load.rate() >= 500, load.rate());
        report.expect(name + ": one joined and one left in every second", left == seconds, left);
        report.expect(name + ": httpd runs as it was started", httpd.alive() && once(httpd), httpd.errorLog());
        if (lookup == Stage.Lookup.RESOLVER) {
            long resolved = log.stream()
                    .filter(entry -> entry.reply().equals("-") || entry.reply().endsWith(" " + entry.backend()))
                    .count();
            report.figure(name + ", decided by the resolver", 100.0 * resolved / log.size(), "%");
            report.expect(name + ": the resolver decides, not its fallback", resolved >= 0.99 * log.size(), resolved);
        }
    }

    private static boolean once(Httpd httpd) throws IOException {
        return httpd.errorLog().split("resuming normal operations", -1).length == 2;
    }
}
