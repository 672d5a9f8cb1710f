package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Fronts;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.drain.Drains;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Backends handed over under load through two front ends, each killed the moment the call returns: nothing fails, nothing comes late. */
final class Handovers implements Run {
    private static final int JVMS_AT_A_TIME = 2;

    @Override
    public String name() {
        return "handover";
    }

    @Override
    public String about() {
        return "1,000 handovers A to B to A under 500 requests/s on two front ends, A killed when the call returns: 0 failed, 0 late";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        Map<Fronts.Evidence, Integer> numbers = ground.size()
                .pick(
                        Map.of(
                                Fronts.Evidence.REQUESTS,
                                400,
                                Fronts.Evidence.REGISTRAR,
                                300,
                                Fronts.Evidence.CONNECTIONS,
                                300),
                        Map.of(
                                Fronts.Evidence.REQUESTS,
                                16,
                                Fronts.Evidence.REGISTRAR,
                                12,
                                Fronts.Evidence.CONNECTIONS,
                                12),
                        Map.of(Fronts.Evidence.REQUESTS, 4));
        int services = ground.size().pick(10, 6, 2);
        for (Fronts.Evidence evidence : Fronts.Evidence.values()) {
            int number = numbers.getOrDefault(evidence, 0);
            if (number == 0) {
                continue;
            }
            report.say(evidence.word() + ":");
            try (Fronts fronts = Fronts.start(ground.place().inside("handover-" + evidence.word()), evidence)) {
                handovers(fronts, evidence, services, number, report, ground.size() == Ground.Size.TEST);
            }
        }
    }

    static List<Relay> relays(Fronts fronts, int number) throws Exception {
        Semaphore starts = new Semaphore(JVMS_AT_A_TIME);
        List<Relay> relays = new ArrayList<>();
        for (int service = 1; service <= number; service++) {
            relays.add(Relay.start(fronts, "s" + service + ".example.com", starts));
        }
        return relays;
    }

    private static void handovers(
            Fronts fronts, Fronts.Evidence evidence, int services, int number, Report report, boolean brief)
            throws Exception {
        Queue<Pass> passes = new ConcurrentLinkedQueue<>();
        if (!brief) {
            fronts.prepareBackends();
        }
        List<Relay> relays = relays(fronts, services);
        Trap bitten = new Trap();
        if (evidence == Fronts.Evidence.REQUESTS) {
            if (!brief) {
                Bite.prove(fronts, relays, false, report, bitten);
            }
            Bite.prove(fronts, relays, true, report, bitten);
        }
        bitten.close();
        HttpdLogs logs = HttpdLogs.from(fronts);
        List<String> names = relays.stream().map(Relay::service).toList();
        Trap trap = new Trap();
        try (Drains drains = Drains.connect(fronts.zookeeper());
                MixedLoad load = MixedLoad.start(fronts.fronts(), names)) {
            Waiting.pause(Duration.ofSeconds(4));
            Hand inJava = Hand.inJava(drains);
            Hand byCommand = Hand.byCommand(fronts.place(), fronts.zookeeper());
            AtomicInteger turns = new AtomicInteger(number);
            ExecutorService runners = Executors.newFixedThreadPool(services);
            try {
                List<Future<?>> all = new ArrayList<>();
                for (Relay relay : relays) {
                    all.add(runners.submit(() -> {
                        relay.run(turns, inJava, byCommand, trap, pass -> {
                            passes.add(pass);
                            Report.progress(passes.size(), number, "handovers");
                        });
                        return null;
                    }));
                }
                for (Future<?> one : all) {
                    one.get();
                }
            } finally {
                runners.shutdownNow();
            }
            Waiting.pause(Duration.ofSeconds(1));
            load.stop();
            trap.close();
            new HandoverVerdict(evidence, number, List.copyOf(passes), load, trap, logs.since()).tell(report);
        }
    }
}
