package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Fronts;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registry.Ack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long a drain takes of itself: to be switched on all agents, and from there to quiet when nothing is open. */
final class DrainTimes implements Run {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int BUSY = 4;

    @Override
    public String name() {
        return "drain-times";
    }

    @Override
    public String about() {
        return "order written to switched on all agents, and switched to quiet with nothing open, by each kind of evidence";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        for (Fronts.Evidence evidence : Fronts.Evidence.values()) {
            // The others wait for a grace of a second each time, which is most of what there is to see.
            int rounds = evidence == Fronts.Evidence.REQUESTS
                    ? ground.size().pick(200, 20, 3)
                    : ground.size().pick(50, 10, 3);
            report.say(evidence.word() + ":");
            try (Fronts fronts = Fronts.start(ground.place().inside("times-" + evidence.word()), evidence)) {
                measure(fronts, evidence.word(), rounds, report);
            }
        }
    }

    /** One backend that gets no requests, while others get 500 a second through the same httpds, is drained and undrained. */
    private static void measure(Fronts fronts, String name, int rounds, Report report) throws Exception {
        List<Relay> relays = Handovers.relays(fronts, BUSY + 1);
        Relay idle = relays.get(BUSY);
        List<String> busy = relays.subList(0, BUSY).stream().map(Relay::service).toList();
        int agents = fronts.fronts().size();
        Samples stored = new Samples();
        Samples switched = new Samples();
        Samples quiet = new Samples();
        Map<String, Long> rest = new TreeMap<>();
        try (Orders orders = new Orders(fronts.zookeeper());
                MixedLoad load = MixedLoad.start(fronts.fronts(), busy)) {
            String id = idle.current().id();
            for (int round = 0; round < rounds; round++) {
                // Longer than the agent's least time between two publications, which is for changes that come together.
                Waiting.pause(Duration.ofMillis(200 + round * 37 % 100));
                long written = System.nanoTime();
                orders.drain(idle.service(), id);
                stored.addNanos(System.nanoTime() - written);
                long allSwitched = orders.await(idle.service(), id, Ack.Stage.SWITCHED, agents, PATIENCE);
                long allQuiet = orders.await(idle.service(), id, Ack.Stage.QUIET, agents, PATIENCE);
                for (Ack ack : orders.acks(idle.service(), id, false)) {
                    rest.merge(ack.evidence().word(), 1L, Long::sum);
                }
                switched.addNanos(allSwitched - written);
                quiet.addNanos(allQuiet - allSwitched);
                orders.remove(idle.service(), id);
                fronts.awaitRouted(idle.current());
            }
            load.stop();
            report.times(name + ", order written to stored by ZooKeeper (an ack takes as long)", stored);
            report.times(name + ", order written to switched on both agents", switched);
            report.times(name + ", switched to quiet, nothing open", quiet);
            rest.forEach((what, number) -> report.figure(name + ", acks that rest on " + what, number, ""));
            report.figure(name + ", requests/s meanwhile", load.rate(), "requests/s");
            report.expect(name + ": no request failed", load.failures().isEmpty(), load.failures());
        }
    }
}
