package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Fronts;
import io.rollcall.deploy.stage.Server;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.registry.Ack;
import java.time.Duration;
import java.util.List;

/** Shows that the runs would see a backend that is stopped too early: it is killed without the wait, and requests have to fail. */
final class Bite {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Bite() {}

    /**
     * One for each service, all under load: the next process is routable, the order is written, and the old one is killed at once, or
     * when all agents have switched.
     */
    static void prove(Fronts fronts, List<Relay> relays, boolean switched, Report report, Trap trap) throws Exception {
        List<String> services = relays.stream().map(Relay::service).toList();
        String when = switched ? "when all agents have switched" : "when the order is written";
        try (Orders orders = new Orders(fronts.zookeeper());
                MixedLoad load = MixedLoad.start(fronts.fronts(), services)) {
            Waiting.pause(Duration.ofSeconds(4));
            for (Relay relay : relays) {
                Server next = relay.next();
                fronts.awaitRouted(next);
                String id = relay.current().id();
                orders.drain(relay.service(), id);
                if (switched) {
                    orders.await(
                            relay.service(),
                            id,
                            Ack.Stage.SWITCHED,
                            fronts.fronts().size(),
                            PATIENCE);
                }
                relay.replaceBy(next, trap);
            }
            Waiting.pause(Duration.ofSeconds(1));
            load.stop();
            report.figure("killed " + when, relays.size(), "backends");
            report.figure("killed " + when + ": failed", load.failures().size(), "requests");
            report.expect(
                    "the test bites: requests fail if the backend is killed " + when,
                    load.failures().size() >= relays.size(),
                    load.failures().size());
        }
    }
}
