package io.rollcall.drain;

import io.rollcall.registry.Paths;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which all drains of one {@link Drains} look. Events only say that something changed; what it is gets read. One that
 * was lost costs no more than {@link #LOOK_EVERY}.
 */
final class Engine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Drains.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** What is done with ZooKeeper; done again as a whole if the connection is lost in the middle. */
    interface Task<T, E extends Exception> {
        T on(Calls calls) throws IOException, E;
    }

    private final Supplier<Optional<ZooKeeper>> sessions;
    private final Paths paths;
    private final Duration patience;
    private final Watcher watcher = this::event;
    private final Set<Drain> active = ConcurrentHashMap.newKeySet();
    private final Set<Lookout> lookouts = ConcurrentHashMap.newKeySet();
    private final Set<Drain> queued = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, Engine::thread, new ThreadPoolExecutor.DiscardPolicy());

    Engine(
            java.util.function.Function<Watcher, Supplier<Optional<ZooKeeper>>> sessions,
            Paths paths,
            Duration patience) {
        this.sessions = sessions.apply(watcher);
        this.paths = paths;
        this.patience = patience;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // guarded: it has nothing to tell
    void start() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        long millis = LOOK_EVERY.toMillis();
        executor.scheduleWithFixedDelay(this::tick, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        active.forEach(this::wake);
        lookouts.stream().filter(Lookout::isBehind).forEach(lookout -> run(lookout::look));
    }

    void follow(Lookout lookout) {
        lookouts.add(lookout);
        run(lookout::look);
    }

    void forget(Lookout lookout) {
        lookouts.remove(lookout);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "rollcall-drain");
        thread.setDaemon(true);
        return thread;
    }

    void follow(Drain drain) {
        active.add(drain);
        wake(drain);
    }

    private void event(WatchedEvent event) {
        String path = event.getPath() == null ? "" : event.getPath();
        active.stream().filter(drain -> drain.concerns(path)).forEach(this::wake);
        lookouts.stream().filter(lookout -> lookout.touch(path)).forEach(lookout -> run(lookout::look));
    }

    /** The service that a path is about, in its compared form; empty if it is about more than one. */
    String serviceAt(String path) {
        for (String above : List.of(paths.services(), paths.orders())) {
            if (path.startsWith(above + "/")) {
                return Names.compared(path.substring(above.length() + 1).replaceFirst("/.*", ""));
            }
        }
        return "";
    }

    private void wake(Drain drain) {
        if (queued.add(drain)) {
            run(() -> {
                queued.remove(drain); // before it looks, so that what happens from now on is looked at again
                drain.look();
                if (drain.progress().verdict().isFinal()) {
                    active.remove(drain);
                }
            });
        }
    }

    void run(Runnable task) {
        executor.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                log.error("a look at the orders failed; the next is within {} s", LOOK_EVERY.toSeconds(), e);
            }
        });
    }

    Reader reader(Calls calls) {
        return new Reader(calls, paths);
    }

    OrderDesk desk(Calls calls) {
        return new OrderDesk(calls, paths);
    }

    Paths paths() {
        return paths;
    }

    /** Fails at once if there is no connection. */
    <T, E extends Exception> T once(Task<T, E> task) throws IOException, E {
        return task.on(Calls.on(sessions, watcher, 0));
    }

    /**
     * Tries on over lost connections while there is patience. Whoever asks may just have registered the backend that he names, by way of
     * another server.
     */
    <T, E extends Exception> T withCalls(Task<T, E> task) throws IOException, E {
        long start = System.nanoTime();
        while (true) {
            try {
                Calls calls = Calls.on(sessions, watcher, patience.toNanos() - (System.nanoTime() - start));
                calls.catchUp(paths.root());
                return task.on(calls);
            } catch (KeeperException e) {
                throw Reader.failed(e);
            } catch (LostConnectionException e) {
                if (System.nanoTime() - start >= patience.toNanos()) {
                    throw e;
                }
                Calls.pause();
            }
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        active.forEach(Drain::close);
        if (sessions instanceof OwnSession own) {
            own.close();
        }
    }
}
