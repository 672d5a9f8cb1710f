package io.rollcall.registrar;

import io.rollcall.drain.Drains;
import io.rollcall.registry.Ensemble;
import io.rollcall.registry.Paths;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the servers of this process, so that httpd routes to them. All registrations share one ZooKeeper session. Nothing here
 * waits for ZooKeeper unless asked to: what cannot be done now is tried for ever, and {@link Registration#status} tells why it is
 * not done. Daemon threads only; call {@link #close} when the process stops.
 *
 * <pre>{@code
 * Registrar registrar = Registrar.connect("zk1:2181,zk2:2181,zk3:2181");
 * Registration shop = registrar.register(Backend.of("shop.example.com", 8080).build());
 * ...
 * registrar.close();
 * }</pre>
 */
public final class Registrar implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Registrar.class);

    /** The watches tell at once; this is for what no watch told. Each check is one small read per backend. */
    private static final Duration CHECK_EVERY = Duration.ofSeconds(60);

    /** When it is worth a line in the log that ZooKeeper does not answer. */
    private static final Duration SLOW_START = Duration.ofSeconds(5);

    /** The same for all registrars of a process and all their sessions. */
    private static final String INCARNATION = Long.toHexString(new SecureRandom().nextLong());

    private final String connect;
    private final Paths paths;
    private final Loop loop = new Loop();
    private final Session session;
    private final Clock clock = Clock.systemUTC();
    private final RandomGenerator random = new java.util.Random();
    private final AtomicLong nodes = new AtomicLong();
    private final Callbacks callbacks = new Callbacks();
    private final List<Registration> registrations = new CopyOnWriteArrayList<>();
    private final Object drainsLock = new Object();
    private @Nullable Drains drains; // guarded by drainsLock
    private Optional<ShutdownHook> shutdownHook = Optional.empty(); // guarded by this
    private volatile boolean closed; // written under this

    private Registrar(Builder builder) {
        this.connect = builder.ensemble.connect();
        this.paths = new Paths(builder.root);
        this.session = new Session(connect, builder.ensemble.sessionTimeout(), loop, new Everyone());
    }

    /** {@code host:port,...} of ZooKeeper; returns at once, connected or not. */
    public static Registrar connect(String connect) {
        return builder(connect).build();
    }

    public static Builder builder(String connect) {
        return new Builder(connect);
    }

    /**
     * Puts a backend into the tree as soon as ZooKeeper is there, and keeps it there. Returns at once.
     * {@link IllegalArgumentException} if it is registered already.
     */
    public Registration register(Backend backend) {
        return register(backend, Optional.empty());
    }

    /**
     * The same for a server that counts its requests: whoever orders it to drain is told the count, as long as it is not 0. A counter that
     * several registrations share counts for each of them.
     */
    public Registration register(Backend backend, InFlight inFlight) {
        return register(backend, Optional.of(inFlight));
    }

    private Registration register(Backend backend, Optional<InFlight> inFlight) {
        if (closed) {
            throw new IllegalStateException("the registrar is closed");
        }
        NodeData data = new NodeData(backend, this::localAddress, INCARNATION, clock.millis());
        String unreachable = "no connection to ZooKeeper at " + connect;
        refuseTwins(data);
        Board board = new Board(data.label(), data.initial(), unreachable, clock);
        OrderWatch orders = new OrderWatch(
                data,
                paths,
                board,
                loop,
                new Turn(loop, random),
                callbacks,
                inFlight.map(count -> new CountTeller(count, data.label(), loop, new Turn(loop, random), clock)));
        NodeKeeper keeper = new NodeKeeper(
                data, paths, board, loop, new Turn(loop, random), orders, nodes::incrementAndGet, unreachable);
        Registration registration =
                new Registration(backend, data, board, keeper, orders, inFlight, loop, this::drains);
        registrations.add(registration);
        loop.run(() -> session.live().ifPresent(keeper::connected));
        return registration;
    }

    /**
     * The address of a backend that names none: the one that the system uses towards ZooKeeper; if that is the loopback, the first
     * site-local one, IPv4 before IPv6, or any other that is not loopback. May look up ZooKeeper's name.
     */
    public String localAddress() {
        return LocalAddress.towards(connect);
    }

    /** All that have not left. */
    public List<Registration> registrations() {
        registrations.removeIf(one -> one.status().phase() == Phase.LEFT);
        return List.copyOf(registrations);
    }

    /**
     * Leaves with everything, as {@link Registration#leave} does, all at the same time, and ends the session. Within 3 s when
     * ZooKeeper is down. Whoever calls this while somebody else does returns when that is done.
     */
    @Override
    public void close() {
        end(all -> Map.of());
    }

    /**
     * The same after everything was drained, all at the same time, as {@link Registration#close(Duration)} does. Tells what came of it;
     * nothing if it was closed already.
     */
    public Map<Registration, DrainResult> close(Duration deadline) {
        return end(all -> Farewell.drain(all, deadline));
    }

    private synchronized Map<Registration, DrainResult> end(
            Function<List<Registration>, Map<Registration, DrainResult>> before) {
        if (closed) {
            return Map.of();
        }
        closed = true;
        shutdownHook.ifPresent(ShutdownHook::remove);
        List<Registration> all = registrations();
        Map<Registration, DrainResult> results = before.apply(all);
        Farewell.leave(all, results);
        session.close();
        loop.close();
        callbacks.close();
        all.forEach(Registration::abandon);
        synchronized (drainsLock) {
            if (drains != null) {
                drains.close();
            }
        }
        return results;
    }

    /**
     * When the JVM is told to end, {@link #close(Duration)}. Everything else that stops then, stops at the same time: a server that is stopped by a
     * shutdown hook of its own has to be stopped by {@link #drainOnShutdown(Duration, Runnable)} instead.
     */
    public void drainOnShutdown(Duration deadline) {
        drainOnShutdown(deadline, () -> {});
    }

    /** The same, and {@code then} when all have left: there the server is stopped. {@link IllegalStateException} if that was asked for already. */
    public synchronized void drainOnShutdown(Duration deadline, Runnable then) {
        if (closed || shutdownHook.isPresent()) {
            throw new IllegalStateException(closed ? "the registrar is closed" : "there is a shutdown hook already");
        }
        shutdownHook = Optional.of(ShutdownHook.add(() -> close(deadline), then));
    }

    /** Made when somebody drains himself. Its lock is its own: the other is held as long as it takes to drain. */
    private Drains drains() {
        synchronized (drainsLock) {
            if (drains == null) {
                drains = Drains.on(() -> session.live().map(Session.Live::zooKeeper), paths.root(), SelfDrain.PATIENCE);
            }
            return drains;
        }
    }

    /** Two nodes of one id would take turns at being the one that counts. */
    private void refuseTwins(NodeData data) {
        for (Registration one : registrations()) {
            if (one.data().label().equals(data.label()) && one.status().phase() != Phase.LEAVING) {
                throw new IllegalArgumentException(
                        "id: " + data.label() + " is registered already (expected: one that is not)");
            }
        }
    }

    private void start() {
        session.start();
        loop.later(SLOW_START, () -> {
            if (session.live().isEmpty()) {
                Loop.daemon(this::tellWhere, "rollcall-registrar-lookup").start();
            }
        });
        loop.later(jittered(CHECK_EVERY), this::check);
    }

    /** Not on the loop's thread: names are looked up for it, which may take seconds. */
    private void tellWhere() {
        log.warn("no connection to ZooKeeper at {} yet; trying on", Ensemble.lookedUp(connect));
    }

    private void check() {
        loop.later(jittered(CHECK_EVERY), this::check);
        session.tick();
        registrations.forEach(one -> one.keeper().check());
    }

    private Duration jittered(Duration about) {
        return Duration.ofMillis(random.nextLong(about.toMillis() * 3 / 4, about.toMillis() * 5 / 4));
    }

    /** Passes on to every registration what the session tells. */
    private final class Everyone implements Session.Listener {
        @Override
        public void connected(Session.Live live) {
            log.info("connected to ZooKeeper at {}, session 0x{}", connect, Long.toHexString(live.id()));
            registrations.forEach(one -> one.keeper().connected(live));
        }

        @Override
        public void disconnected(boolean over) {
            log.warn("{} ZooKeeper at {}", over ? "lost the session with" : "no connection to", connect);
            registrations.forEach(one -> one.keeper().disconnected(over));
        }
    }

    /** Collects what is not default. */
    public static final class Builder {
        private Ensemble ensemble;
        private String root = Paths.DEFAULT_ROOT;

        private Builder(String connect) {
            this.ensemble = Ensemble.at(connect);
        }

        /** Where the registry is in the tree; default {@code /rollcall}. */
        public Builder root(String path) {
            this.root = path;
            return this;
        }

        /** How long the backend stays registered after its process died or lost ZooKeeper; 1 s to 5 min, default 10 s. The server has its own limits. */
        public Builder sessionTimeout(Duration timeout) {
            this.ensemble = ensemble.withSessionTimeout(timeout);
            return this;
        }

        /** Starts connecting, and returns at once. */
        public Registrar build() {
            Registrar registrar = new Registrar(this);
            registrar.start();
            return registrar;
        }
    }
}
