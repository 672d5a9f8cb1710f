package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Front;
import io.rollcall.deploy.stage.Fronts;
import io.rollcall.deploy.stage.Server;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.drain.Drain;
import io.rollcall.drain.Drains;
import io.rollcall.registry.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Handovers while an agent cannot be reached, while one is killed, and while ZooKeeper's leader is: never too early, and always in the end. */
final class Partition implements Run {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Agents and backends have sessions of 4 s. */
    private static final Duration LONGER_THAN_A_SESSION = Duration.ofSeconds(6);

    private static final int TIMED_OUT = 4;
    private static final int NOT_CONFIRMED = 5;

    @Override
    public String name() {
        return "handover-partition";
    }

    @Override
    public String about() {
        return "an agent cut off, an agent killed, ZooKeeper's leader killed during handovers under load: never told quiet too early, 0 failed";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        Duration cut = ground.size().pick(Duration.ofSeconds(60), Duration.ofSeconds(15), Duration.ofSeconds(10));
        try (Fronts fronts = Fronts.start(ground.place().inside("partition"), Fronts.Evidence.REQUESTS)) {
            List<Relay> relays = Handovers.relays(fronts, 5);
            List<String> services = relays.stream().map(Relay::service).toList();
            HttpdLogs logs = HttpdLogs.from(fronts);
            Trap trap = new Trap();
            try (Drains drains = Drains.connect(fronts.zookeeper());
                    MixedLoad load = MixedLoad.start(fronts.fronts(), services)) {
                Waiting.pause(Duration.ofSeconds(4));
                new Round(fronts, drains, trap, report).all(relays, cut);
                Waiting.pause(Duration.ofSeconds(2));
                load.stop();
                trap.close();
                HandoverVerdict.tellLoad("in all", load, logs.since(), report);
                report.expect("nobody came to the port of one that was killed", trap.caught() == 0, trap.caught());
            }
        }
    }

    private record Round(Fronts fronts, Drains drains, Trap trap, Report report) {

        void all(List<Relay> relays, Duration cut) throws Exception {
            cutBeforeOrder(relays.get(0), cut);
            cutInTheMiddle(relays.get(1), cut);
            killAgent(relays.get(2));
            killLeader(relays.get(3));
            killLeader(relays.get(4));
        }

        /** An agent that has not heard of the order goes on routing to the backend. */
        private void cutBeforeOrder(Relay relay, Duration cut) throws Exception {
            report.say("agent cut off, then drained by the command:");
            Front front = fronts.fronts().get(1);
            Server to = relay.next();
            fronts.awaitRouted(to);
            fronts.cut(front);
            Waiting.pause(LONGER_THAN_A_SESSION);
            long ordered = System.nanoTime();
            String id = relay.current().id();
            Hand.Answer answer = Hand.Command.run(
                    fronts.place(),
                    "drain",
                    relay.service(),
                    id,
                    "--zookeeper",
                    fronts.zookeeper(),
                    "--timeout",
                    cut.toSeconds() + "s");
            Waiting.pause(Duration.ofSeconds(1));
            long still = relay.current().seen().stream()
                    .filter(sight -> sight.nanos() - ordered > cut.toNanos() / 2)
                    .count();
            report.say(answer.text().indent(4).stripTrailing());
            report.figure("cut off for", seconds(System.nanoTime() - ordered), "s");
            report.figure("requests and connections that the backend got in the last half of that", still, "");
            report.expect("the command says not confirmed", answer.exit() == NOT_CONFIRMED, answer.exit());
            report.expect("it names the agent", answer.text().contains(agentId(front)), answer.text());
            report.expect("the danger is real: the httpd that was cut off went on routing to it", still > 0, still);
            try (Watcher watcher = new Watcher(drains.drain(relay.service(), id))) {
                complete(relay, to, watcher, () -> fronts.mend(front), "mended");
            }
        }

        /** An agent that heard of it, and of which nobody hears any more. */
        private void cutInTheMiddle(Relay relay, Duration cut) throws Exception {
            report.say("agent cut off while it drains:");
            Front front = fronts.fronts().get(0);
            Server to = relay.next();
            CompletableFuture<Hand.Answer> command = begin(relay, to, cut);
            awaitDrain(relay);
            fronts.cut(front);
            Hand.Answer answer = command.get();
            report.say(answer.text().indent(4).stripTrailing());
            report.expect(
                    "the command says timed out or not confirmed",
                    answer.exit() == TIMED_OUT || answer.exit() == NOT_CONFIRMED,
                    answer.exit());
            report.expect("it names the agent", answer.text().contains(agentId(front)), answer.text());
            try (Watcher watcher =
                    new Watcher(drains.handover(relay.service(), relay.current().id(), to.id()))) {
                complete(relay, to, watcher, () -> fronts.mend(front), "mended");
            }
        }

        private void killAgent(Relay relay) throws Exception {
            report.say("agent killed while it drains, and started again:");
            Front front = fronts.fronts().get(1);
            Server to = relay.next();
            Drain drain = drains.handover(relay.service(), relay.current().id(), to.id());
            try (Watcher watcher = new Watcher(drain)) {
                awaitDrain(relay);
                front.killAgent();
                Waiting.pause(LONGER_THAN_A_SESSION);
                report.expect("not quiet without it", !watcher.quiet(), drain.progress());
                complete(relay, to, watcher, front::restartAgent, "started again");
            }
        }

        private void killLeader(Relay relay) throws Exception {
            report.say("ZooKeeper's leader killed in the middle:");
            Server to = relay.next();
            CompletableFuture<Hand.Answer> command = begin(relay, to, PATIENCE);
            awaitDrain(relay);
            int leader = fronts.ensemble().killLeader();
            long killed = System.nanoTime();
            Hand.Answer answer = command.get();
            long quiet = System.nanoTime();
            report.figure("from the leader's death to quiet", seconds(quiet - killed), "s");
            report.expect("the command says done", answer.exit() == 0, answer);
            if (answer.quiet()) {
                stop(relay, to, quiet);
            }
            fronts.ensemble().start(leader);
            Waiting.pause(Duration.ofSeconds(3));
        }

        private CompletableFuture<Hand.Answer> begin(Relay relay, Server to, Duration timeout) {
            String from = relay.current().id();
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return Hand.Command.run(
                            fronts.place(),
                            "handover",
                            relay.service(),
                            "--zookeeper",
                            fronts.zookeeper(),
                            "--from",
                            from,
                            "--to",
                            to.id(),
                            "--timeout",
                            timeout.toSeconds() + "s");
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        /** Until it is ordered to drain, not only to prepare: the requests that are open then take some seconds more. */
        private void awaitDrain(Relay relay) throws Exception {
            try (Orders orders = new Orders(fronts.zookeeper())) {
                long begin = System.nanoTime();
                String id = relay.current().id();
                while (orders.order(relay.service(), id)
                        .filter(order -> order.action() == Order.Action.DRAIN)
                        .isEmpty()) {
                    if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                        throw new IOException("no order to drain " + relay.service() + "/" + id + " after " + PATIENCE);
                    }
                    Waiting.pause(Duration.ofMillis(2));
                }
            }
        }

        private interface Cure {
            void run() throws IOException;
        }

        private void complete(Relay relay, Server to, Watcher watcher, Cure cure, String cured) throws Exception {
            report.expect("never told quiet until it is " + cured, !watcher.quiet(), watcher);
            long begin = System.nanoTime();
            cure.run();
            long quiet = watcher.awaitQuiet(PATIENCE);
            report.figure("from " + cured + " to quiet", seconds(quiet - begin), "s");
            report.expect("completes by itself when it is " + cured, watcher.quiet(), watcher);
            if (watcher.quiet()) {
                stop(relay, to, quiet);
            }
        }

        private void stop(Relay relay, Server to, long quiet) throws Exception {
            Server old = relay.current();
            relay.replaceBy(to, trap);
            long late = old.seen().stream()
                    .filter(sight -> sight.nanos() - quiet > 0)
                    .count();
            report.expect("it saw nothing after it was declared quiet", late == 0, late);
        }

        private static String agentId(Front front) throws IOException {
            return Files.readString(front.place().file("state/agent-id")).strip();
        }

        private static double seconds(long nanos) {
            return nanos / 1e9;
        }
    }

    /** Notes when a drain is told quiet, if ever. */
    private static final class Watcher implements AutoCloseable {
        private final Drain drain;
        private final CompletableFuture<Long> quiet = new CompletableFuture<>();

        Watcher(Drain drain) {
            this.drain = drain;
            drain.onProgress(progress -> {
                if (progress.isQuiet()) {
                    quiet.complete(System.nanoTime());
                }
            });
        }

        /** Also by what is known at this moment: the listener hears of it on a thread of its own, and perhaps not yet. */
        boolean quiet() {
            return quiet.isDone() || drain.progress().isQuiet();
        }

        long awaitQuiet(Duration limit) throws Exception {
            try {
                return quiet.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return System.nanoTime();
            }
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return drain.progress().verdict().toString();
        }
    }
}
