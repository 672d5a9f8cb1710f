package io.rollcall.bench.scenario;

import io.rollcall.bench.Names;
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

    /** Not timed: an agent that has run for a while is the rule. */
    private static final int WARM_UP = 40;

    /** Who takes long for each has fewer rounds. */
    private static final double SLOW_SECONDS = 15;

    private static final int LEAST_ROUNDS = 3;

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
        double slow = size == 1_000 ? SLOW_SECONDS * 3 : SLOW_SECONDS;
        return opening(size) + rollcall * inFullSeconds(plan) + Math.max(0, others) * otherRounds(plan) * 0.3 + slow;
    }

    /** To start what has an address for each name. */
    private static double opening(int size) {
        return size > Names.MOST_BACKENDS ? 5 + size / 4000.0 : 0;
    }

    private static double inFullSeconds(Plan plan) {
        return (plan.joins() + WARM_UP) * 0.22;
    }

    private static int otherRounds(Plan plan) {
        return Math.max(3, plan.joins() / 15);
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
            Server server = oneToOne(arena, contender).orElse(entry.getValue());
            if (server.routes().isEmpty() || contender.name().endsWith("-generic")) {
                continue;
            }
            int rounds = inFull(contender) ? arena.plan().joins() : otherRounds(arena.plan());
            progress.step(
                    "%,d names, join and leave: %s".formatted(arena.names().count(), contender.name()),
                    inFull(contender) ? inFullSeconds(arena.plan()) : rounds * 0.3);
            results.attempt(
                    "%s, join and leave at %,d names"
                            .formatted(contender.name(), arena.names().count()),
                    () -> rounds(arena, contender, server, rounds, results));
        }
    }

    private static Optional<Server> oneToOne(Arena arena, Contender contender) throws Exception {
        Optional<OneToOne> all = inFull(contender) ? arena.oneToOne() : Optional.empty();
        return all.map(one -> one.servers().get(contender));
    }

    private static Optional<Registry> registry(Arena arena, Contender contender) throws Exception {
        Optional<OneToOne> all = inFull(contender) ? arena.oneToOne() : Optional.empty();
        return !contender.isRollcall()
                ? Optional.empty()
                : all.isPresent() ? Optional.of(all.get().registry()) : arena.registry(contender);
    }

    private void rounds(Arena arena, Contender contender, Server server, int rounds, Results results) throws Exception {
        Routes routes = server.routes().orElseThrow();
        // Of Rollcall one that no name is at.
        String address = contender.isRollcall()
                ? arena.backends()
                        .others(arena.names().count() + 1)
                        .get(arena.names().count())
                : arena.names().addresses().get(0);
        Random random = new Random(1);
        int warmUp = inFull(contender) ? WARM_UP : 1;
        long begin = System.nanoTime();
        try (Prober prober = new Prober(server.port(), NAME);
                Told told = Told.of(registry(arena, contender))) {
            for (int round = 1 - warmUp; round <= rounds; round++) {
                if (!inFull(contender) && round > LEAST_ROUNDS && System.nanoTime() - begin > SLOW_SECONDS * 1e9) {
                    break;
                }
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
