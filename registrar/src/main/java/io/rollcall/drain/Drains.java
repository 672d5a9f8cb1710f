package io.rollcall.drain;

import io.rollcall.registry.Ensemble;
import io.rollcall.registry.Paths;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;

/**
 * Orders to drain backends, for a monitor. New requests go elsewhere on every httpd; those that run finish; and when nothing is open
 * and nothing can come any more, the backend is quiet and may be stopped.
 *
 * <pre>{@code
 * try (Drains drains = Drains.connect("zk1:2181,zk2:2181,zk3:2181")) {
 *     Drain drain = drains.handover("shop.example.com", "10.0.0.5-8080", "10.0.0.6-8080");
 *     if (drain.await(Duration.ofMinutes(5)).isQuiet()) {
 *         stop(10.0.0.5);
 *     }
 * }
 * }</pre>
 *
 * <p>A service is named in any case, with or without a dot at the end. A backend is named by its id or {@code address:port}; where
 * several are meant, {@code version=42} and {@code zone=a} name all of that version or zone. Safe for any thread.
 */
public final class Drains implements AutoCloseable {
    private final Engine engine;
    private final Ledger ledger;

    private Drains(Engine engine) {
        this.engine = engine;
        this.ledger = new Ledger(engine);
        engine.start();
    }

    /** With a ZooKeeper session of its own; returns at once, connected or not. */
    public static Drains connect(String connect) {
        return builder(connect).build();
    }

    public static Builder builder(String connect) {
        return new Builder(connect);
    }

    /**
     * On a session that somebody else keeps, and that is not closed here.
     *
     * @param session tells the handle that is connected now, or none; asked often, on any thread
     * @param patience how long orders wait for a connection
     */
    public static Drains on(Supplier<Optional<ZooKeeper>> session, String root, Duration patience) {
        return new Drains(new Engine(watcher -> session, new Paths(root), patience));
    }

    /** {@link #drain(String, List, Terms)} of one backend. */
    public Drain drain(String service, String backend) throws RefusedException, IOException {
        return drain(service, backend, Terms.DEFAULT);
    }

    public Drain drain(String service, String backend, Terms terms) throws RefusedException, IOException {
        return only(drain(service, List.of(backend), terms), backend);
    }

    /**
     * Sends nothing new to these backends, and returns when that is ordered. The last ones that take requests are refused unless
     * the terms force it. {@link IOException} if ZooKeeper does not answer.
     */
    public List<Drain> drain(String service, List<String> backends, Terms terms) throws RefusedException, IOException {
        return give(Wish.drain(service, backends, terms));
    }

    /** {@link #handover(String, List, List, Terms)} from one backend to one. */
    public Drain handover(String service, String from, String to) throws RefusedException, IOException {
        return handover(service, from, to, Terms.DEFAULT);
    }

    public Drain handover(String service, String from, String to, Terms terms) throws RefusedException, IOException {
        return only(handover(service, List.of(from), List.of(to), terms), from);
    }

    /**
     * Sends what would go to {@code from} to the others, once all of {@code to} are routable on every agent, and to {@code from}
     * until then. As long as somebody waits: without, nobody turns the order into one to drain. If one of {@code to} is lost before
     * {@code from} is quiet, the order is taken back.
     */
    public List<Drain> handover(String service, List<String> from, List<String> to, Terms terms)
            throws RefusedException, IOException {
        return give(Wish.handover(service, from, to, terms));
    }

    /** Goes on with the order that stands for the process {@code incarnation}, whoever gave it; empty if there is none. */
    public Optional<Drain> follow(String service, String backend, String incarnation) throws IOException {
        String name = Names.compared(service);
        Optional<Drain> found = engine.<Optional<Drain>, IOException>withCalls(calls -> {
            try {
                Reader reader = engine.reader(calls);
                Optional<Member> member = Optional.ofNullable(
                                reader.members(name, backend::equals).get(backend))
                        .filter(it -> it.instance().incarnation().equals(incarnation));
                return reader.order(name, backend)
                        .filter(order -> member.filter(it -> Goal.isAbout(order.order(), order.czxid(), it))
                                .isPresent())
                        .map(order -> new Drain(
                                engine,
                                new Goal(name, backend, order.order(), order.czxid(), false),
                                true,
                                member.orElseThrow().target()));
            } catch (KeeperException e) {
                throw Reader.failed(e);
            }
        });
        found.ifPresent(Drain::look);
        found.ifPresent(engine::follow);
        return found;
    }

    private List<Drain> give(Wish wish) throws RefusedException, IOException {
        List<Drain> drains = engine.<List<Drain>, RefusedException>withCalls(calls -> wish.give(engine, calls));
        drains.forEach(Drain::look); // so that there is something to say of each, however short the wait
        drains.forEach(engine::follow);
        return drains;
    }

    private static Drain only(List<Drain> drains, String backend) {
        if (drains.size() != 1) {
            throw new IllegalArgumentException(
                    "backend: '" + backend + "' names " + drains.size() + " (expected: one; or give a list)");
        }
        return drains.get(0);
    }

    /** Takes back what was ordered for these backends; tells which had an order. */
    public List<String> undrain(String service, String backend) throws RefusedException, IOException {
        return ledger.undrain(service, backend);
    }

    /** Takes back all orders of a service; tells for which backends. */
    public List<String> cancel(String service) throws RefusedException, IOException {
        return ledger.cancel(service);
    }

    /** All orders that stand, and how far they are. */
    public List<Progress> list() throws IOException {
        return ledger.list(name -> true);
    }

    /** The orders of one service. */
    public List<Progress> list(String service) throws IOException {
        return ledger.list(Names.compared(service)::equals);
    }

    /**
     * Tells what happens to the backends of a service, or of all if {@code service} is empty, until it is closed: first who is
     * there. The listener is called on one thread that it must not hold up.
     */
    public AutoCloseable watch(String service, Consumer<Event> listener) {
        Lookout lookout = new Lookout(engine, Names.compared(service), listener);
        engine.follow(lookout);
        return lookout;
    }

    /** All agents that are known, connected or not. */
    public List<KnownAgent> agents() throws IOException {
        return ledger.agents();
    }

    /** Nobody waits any more for this agent, which will not come back. One that is connected is refused. */
    public void forget(String agent) throws RefusedException, IOException {
        ledger.forget(agent);
    }

    /** Ends all waiting, and the session if it is our own. Orders stand. */
    @Override
    public void close() {
        engine.close();
    }

    /** Collects what is not default. */
    public static final class Builder {
        private Ensemble ensemble;
        private String root = Paths.DEFAULT_ROOT;
        private Duration patience = Duration.ofSeconds(10);

        private Builder(String connect) {
            this.ensemble = Ensemble.at(connect);
        }

        /** Where the registry is in the tree; default {@code /rollcall}. */
        public Builder root(String path) {
            this.root = path;
            return this;
        }

        /** 1 s to 5 min, default 10 s. The server has its own limits. */
        public Builder sessionTimeout(Duration timeout) {
            this.ensemble = ensemble.withSessionTimeout(timeout);
            return this;
        }

        /** How long what is asked waits for a connection; default 10 s. {@link Drain#await} has its own. */
        public Builder patience(Duration time) {
            this.patience = time;
            return this;
        }

        public Drains build() {
            return new Drains(new Engine(
                    watcher -> new OwnSession(ensemble.connect(), ensemble.sessionTimeout(), watcher),
                    new Paths(root),
                    patience));
        }
    }
}
