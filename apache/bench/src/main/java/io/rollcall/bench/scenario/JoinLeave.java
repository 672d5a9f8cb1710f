package io.rollcall.bench.scenario;

import io.rollcall.bench.contender.Contender;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.contender.Routes;
import io.rollcall.bench.contender.Server;
import io.rollcall.bench.contender.Tree;
import io.rollcall.bench.load.Prober;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.ZooKeeper;

/**
 * From the call that adds a backend to the first answer from it, and from the call that takes it away to the last request that it
 * gets. Of a name of its own, with one backend or none. Beside it the time until a watcher in another session is told by ZooKeeper.
 */
public final class JoinLeave implements Scenario {
    private static final String NAME = "probe.bench.test";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "join-leave";
    }

    @Override
    public String about() {
        return "join to first answer and leave to last request, beside the raw watch of ZooKeeper";
    }

    @Override
    public double seconds(Plan plan, int size) {
        if (!takesPart(plan, size)) {
            return 0;
        }
        long rollcall = plan.contenders().stream().filter(JoinLeave::inFull).count();
        long others =
                plan.contenders().stream().filter(one -> !one.isRollcall()).count() - 3;
        return rollcall * plan.joins() * 0.3 + Math.max(0, others) * plan.joins() * 0.05;
    }

    private static boolean takesPart(Plan plan, int size) {
        return plan.quick() || size != 10_000;
    }

    /** The generic worker makes no difference here. */
    private static boolean inFull(Contender contender) {
        return contender.isRollcall() && !contender.name().endsWith("-generic");
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        if (!takesPart(arena.plan(), arena.names().count())) {
            return;
        }
        for (Map.Entry<Contender, Server> entry : arena.servers().entrySet()) {
            Contender contender = entry.getKey();
            Server server = entry.getValue();
            if (server.routes().isEmpty() || contender.name().endsWith("-generic")) {
                continue;
            }
            int rounds = inFull(contender)
                    ? arena.plan().joins()
                    : Math.max(3, arena.plan().joins() / 10);
            progress.step(
                    "%,d names, join and leave: %s".formatted(arena.names().count(), contender.name()),
                    inFull(contender) ? rounds * 0.3 : arena.plan().joins() * 0.05);
            results.attempt(
                    "%s, join and leave at %,d names"
                            .formatted(contender.name(), arena.names().count()),
                    () -> rounds(arena, contender, server, rounds, results));
        }
    }

    private void rounds(Arena arena, Contender contender, Server server, int rounds, Results results) throws Exception {
        Routes routes = server.routes().orElseThrow();
        String address = arena.names().addresses().get(0);
        Random random = new Random(1);
        int warmUp = Math.max(2, rounds / 10);
        try (Prober prober = new Prober(server.port(), NAME);
                Told told = Told.of(contender.isRollcall() ? arena.registry() : Optional.empty())) {
            for (int round = 1 - warmUp; round <= rounds; round++) {
                long joins = System.nanoTime();
                told.expect();
                routes.put(NAME, Optional.of(address));
                await("the first answer after a join", () -> prober.answer().equals(Optional.of(address)));
                await("the watch of a join", told::isTold);
                double join = (prober.changedNanos() - joins) / 1e6;
                double joinTold = (told.nanos() - joins) / 1e6;
                Waiting.pause(Duration.ofMillis(60 + random.nextInt(60)));
                long leaves = System.nanoTime();
                told.expect();
                routes.put(NAME, Optional.empty());
                await("no answer after a leave", () -> prober.answer().isEmpty());
                await("the watch of a leave", told::isTold);
                double leave = Math.max(0, (prober.lastGoodNanos() - leaves) / 1e6);
                double leaveTold = (told.nanos() - leaves) / 1e6;
                Waiting.pause(Duration.ofMillis(60 + random.nextInt(60)));
                if (round > 0) {
                    results.add(arena.key(name(), contender.name(), 0, "join ms"), join);
                    results.add(arena.key(name(), contender.name(), 0, "leave ms"), leave);
                    if (contender.isRollcall()) {
                        results.add(arena.key(name(), contender.name(), 0, "join told ms"), joinTold);
                        results.add(arena.key(name(), contender.name(), 0, "leave told ms"), leaveTold);
                    }
                }
            }
        }
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) throws IOException {
        if (!Waiting.until(PATIENCE, condition)) {
            throw new IOException("not " + what + " within " + PATIENCE.toSeconds() + " s");
        }
    }

    /** A session that is told by ZooKeeper, as the agent is. */
    private record Told(Optional<ZooKeeper> session, Moment moment) implements AutoCloseable {
        /** When it was first told after it was asked to expect something. */
        private static final class Moment {
            private volatile long nanos; // set by the session's thread
        }

        static Told of(Optional<Registry> registry) throws Exception {
            Moment moment = new Moment();
            if (registry.isEmpty()) {
                return new Told(Optional.empty(), moment);
            }
            ZooKeeper session = Tree.session(registry.get().connect());
            session.addWatch(
                    Registry.path(NAME),
                    event -> {
                        if (moment.nanos == 0) {
                            moment.nanos = System.nanoTime();
                        }
                    },
                    AddWatchMode.PERSISTENT_RECURSIVE);
            return new Told(Optional.of(session), moment);
        }

        void expect() {
            moment.nanos = 0;
        }

        boolean isTold() {
            return session.isEmpty() || moment.nanos != 0;
        }

        long nanos() {
            return moment.nanos;
        }

        @Override
        public void close() {
            try {
                if (session.isPresent()) {
                    session.get().close();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
