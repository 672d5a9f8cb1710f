package io.rollcall.deploy.soak;

import io.rollcall.apache.Httpd;
import io.rollcall.apache.LoadClient;
import io.rollcall.apache.LoadClient.Ask;
import io.rollcall.apache.LoadReport;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * How long a change takes to reach httpd's requests, with ZooKeeper on the same machine. One change at a time, at random distance; the
 * load asks often enough that waiting for the next request adds little (1 ms on average).
 */
final class JoinLeave implements Run {
    private static final String SERVICE = "shop.example.com";
    private static final double RATE = 1000;
    /** Rounds that are told apart: agent and registrar have just started, and the first change is the first time that they do it. */
    private static final int WARM_UP = 30;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "join-leave";
    }

    @Override
    public String about() {
        return "200 joins and 200 clean leaves: registrar call to first request, leave to last; p99 below 50 ms";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int rounds = ground.quick() ? 40 : 200;
        Samples cold = new Samples();
        Samples joins = new Samples();
        Samples leaves = new Samples();
        ExecutorService leaving = Executors.newCachedThreadPool();
        try (Stage stage = ground.stage("join-leave")) {
            AgentProcess agent = stage.startAgent(Map.of("slow.start", "0s"));
            Httpd httpd = stage.startHttpd(agent, OptionalInt.empty());
            Member base = Member.join(agent.zookeeper(), SERVICE, "base");
            if (!Waiting.until(
                    PATIENCE,
                    () -> Maps.routes(agent.maps(), SERVICE, base.backend().address()))) {
                throw new IOException("the first backend is not in the map after " + PATIENCE);
            }
            LoadReport load;
            try (LoadClient client = LoadClient.atRate(RATE, httpd.port(), 20, List.of(Ask.of("GET", SERVICE, "/")))) {
                Random random = new Random(1);
                for (int round = 1 - WARM_UP; round <= rounds; round++) {
                    Member member = Member.join(agent.zookeeper(), SERVICE, "b-" + round);
                    if (!Waiting.until(PATIENCE, () -> member.backend().requests() > 0)) {
                        throw new IOException(member.backend().id() + " got no request within " + PATIENCE);
                    }
                    (round > 0 ? joins : cold)
                            .addNanos(member.backend().firstRequestNanos().orElseThrow() - member.joinedNanos());
                    pause(random);
                    Samples to = round > 0 ? leaves : cold;
                    leaving.execute(() -> leave(member, to));
                    pause(random);
                }
                leaving.shutdown();
                leaving.awaitTermination(20, TimeUnit.SECONDS);
                load = client.stop();
            }
            base.close();
            report.figure("join or leave, longest of the first 30 rounds (not counted below)", cold.millis(1), "ms");
            report.times("join: registrar called to first request", joins);
            report.times("leave: registrar called to last request", leaves);
            report.figure("requests", load.ok(), "");
            report.figure("requests that failed", load.failed(), "");
            report.expect("join: p99 below 50 ms", joins.millis(0.99) < 50, joins.millis(0.99));
            report.expect("leave: p99 below 50 ms", leaves.millis(0.99) < 50, leaves.millis(0.99));
            report.expect("all joined and left", joins.count() == rounds && leaves.count() == rounds, leaves.count());
            report.expect("no request failed", load.failed() == 0, load);
        } finally {
            leaving.shutdownNow();
        }
    }

    /** Longer than the agent's least time between two publications, which is for changes that come together. */
    private static void pause(Random random) {
        Waiting.pause(Duration.ofMillis(60 + random.nextInt(140)));
    }

    private static void leave(Member member, Samples leaves) {
        long asked = System.nanoTime();
        try {
            member.close();
        } catch (IOException e) {
            System.err.println(member.backend().id() + " could not leave: " + e);
        }
        leaves.addNanos(Math.max(0, member.backend().lastRequestNanos().orElse(asked) - asked));
    }
}
