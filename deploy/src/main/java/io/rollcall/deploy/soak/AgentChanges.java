package io.rollcall.deploy.soak;

import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.embedded.EmbeddedZooKeeper;
import io.rollcall.agent.publish.Publisher;
import io.rollcall.apache.Ports;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.Listener;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/**
 * What one change costs the whole process of the agent, with all its threads: from the registry's word to the maps, the probe of the new
 * address and what is kept included. What the same process uses at rest is taken off.
 */
final class AgentChanges {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration SETTLING = Duration.ofMinutes(2);

    /** Per cent of a core, below which everything is read, probed and kept. */
    private static final double AT_REST = 5;

    /** Of those who have come not one is due before the end, so what is at rest stays so; a new address is probed at once all the same. */
    private static final Map<String, String> ONLY_THE_NEW = Map.of("probe.interval", "1h");

    /** Characters: what came while the hashed map of all was written stands in the text for a while. */
    private static final int SHORT_TEXT = 1000;

    private static final int ROUNDS = 3;
    private static final int PER_SECOND = 10;

    private AgentChanges() {}

    /** Milliseconds of processor time, the median of three windows. */
    static double measure(Place place, int size, Report report) throws Exception {
        String of = String.format("%,d backends, the whole agent: ", size);
        int port = Ports.free();
        EmbeddedZooKeeper server =
                new EmbeddedZooKeeper(new AgentConfig.Embedded("127.0.0.1", port, place.file("zookeeper")));
        server.start(); // in this process: what the agent uses is the agent's alone
        try (Listener listener = new Listener();
                Crowd crowd = Crowd.connect("127.0.0.1:" + port, listener.port())) {
            crowd.register(size);
            try (AgentProcess agent = AgentProcess.follow(place.inside("agent"), "127.0.0.1:" + port, ONLY_THE_NEW)) {
                awaitRest(agent, size);
                Samples all = new Samples();
                Random random = new Random(1);
                for (int round = 1; round <= ROUNDS; round++) {
                    double rest = percentOfCore(agent, () -> Waiting.pause(WINDOW));
                    int turn = round;
                    double changing = percentOfCore(agent, () -> change(crowd, size, turn, random));
                    all.addNanos((long) (1e7 * (changing - rest) / PER_SECOND));
                    report.figure(of + "at rest", rest, "% of a core");
                    report.figure(of + PER_SECOND + " changes/s", changing, "% of a core");
                }
                report.figure(of + "CPU of one change, of three windows the median", all.millis(0.5), "ms");
                report.figure(of + "the same, the most", all.millis(1), "ms");
                return all.millis(0.5);
            }
        } finally {
            server.close();
        }
    }

    private interface Doing {
        void run() throws Exception;
    }

    private static double percentOfCore(AgentProcess agent, Doing what) throws Exception {
        Cost cost = Cost.of(agent.pid());
        what.run();
        return cost.processorPercent();
    }

    /** Each gets another address. */
    private static void change(Crowd crowd, int size, int turn, Random random) throws Exception {
        long begin = System.nanoTime();
        long end = begin + WINDOW.toNanos();
        for (int made = 0; ; made++) {
            long due = begin + made * Duration.ofSeconds(1).toNanos() / PER_SECOND;
            if (due >= end) {
                break;
            }
            Waiting.pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            crowd.change(random.nextInt(size), turn);
        }
    }

    private static void awaitRest(AgentProcess agent, int size) throws Exception {
        if (!Waiting.until(PATIENCE, () -> isPublished(agent.maps(), size - 1) && isPublished(agent.maps(), 0))) {
            throw new IOException("not all published after " + PATIENCE.toSeconds() + " s");
        }
        long begin = System.nanoTime();
        int calm = 0;
        while (calm < 3 && System.nanoTime() - begin < SETTLING.toNanos()) {
            double used = percentOfCore(agent, () -> Waiting.pause(Duration.ofSeconds(2)));
            boolean settled = size < 1000 || Files.size(agent.maps().resolve(Publisher.BACKENDS)) < SHORT_TEXT;
            calm = settled && used < AT_REST ? calm + 1 : 0;
        }
    }

    private static boolean isPublished(Path maps, int number) {
        return Maps.lookUp(maps, Crowd.name(number))
                .filter(value -> !value.equals("-"))
                .isPresent();
    }
}
