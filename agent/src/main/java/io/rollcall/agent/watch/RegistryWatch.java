package io.rollcall.agent.watch;

import io.rollcall.agent.loop.Loop;
import io.rollcall.agent.watch.TreeReader.Place;
import io.rollcall.registry.Paths;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.utils.ThreadUtils;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Roll} in step with the registry. Events are hints: they say where to read. A watch gets no events of what
 * happened while the connection was gone, so every new connection sets it and then reads everything; and a periodic sweep, which
 * should find nothing, counts what it finds.
 */
public final class RegistryWatch implements AutoCloseable, TreeReader.Source {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryWatch.class);
    private static final String NEVER = "never connected";
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Paths paths;
    private final Duration sweepEvery;
    private final Runnable onChange;
    private final TreeReader reader;
    private final CuratorFramework client;
    private final Watcher watcher = this::event;
    private final Loop loop = new Loop("rollcall-watch");

    private final ExecutorService listeners =
            Executors.newSingleThreadExecutor(ThreadUtils.newThreadFactory("rollcall-zookeeper"));

    private volatile Optional<Roll> roll; // by the loop
    private volatile WatchStatus status; // by the loop
    private long connections; // by the loop
    private boolean handingOn; // by the loop
    private boolean retrying; // by the loop
    private boolean periodic; // by the loop: the sweep under way is one that should find nothing

    /**
     * A watch that is not started yet.
     *
     * @param initial what was known before, from a snapshot; empty if nothing was
     * @param onChange called on the watch's own thread after the roll changed; must not block
     */
    public RegistryWatch(
            String connect,
            Paths paths,
            Duration sessionTimeout,
            Duration sweepEvery,
            Optional<Roll> initial,
            Runnable onChange) {
        this.paths = paths;
        this.sweepEvery = sweepEvery;
        this.onChange = onChange;
        this.roll = Optional.empty();
        this.reader = new TreeReader(this, initial.orElse(Roll.EMPTY));
        this.status = new WatchStatus(NEVER, Instant.now(), false, 0, 0, "");
        this.client = ZooKeeperClient.create(connect, sessionTimeout, listeners);
    }

    public void start() {
        client.getConnectionStateListenable().addListener((ignored, state) -> loop.run(() -> connection(state)));
        client.start();
        scheduleSweep();
        loop.after(PATIENCE, this::tellIfNeverConnected);
    }

    /** What the registry said last; empty until it was read as a whole. */
    public Optional<Roll> roll() {
        return roll;
    }

    public WatchStatus status() {
        return status;
    }

    @Override
    public void close() {
        loop.close(Duration.ZERO);
        client.close();
        listeners.shutdownNow();
    }

    @Override
    public void readChildren(Place place) {
        String path = place.isRoot() ? paths.services() : paths.service(place.service());
        ask(
                place,
                () -> client.getChildren()
                        .inBackground(answer(event -> reader.children(
                                place, code(event), event.getChildren() == null ? List.of() : event.getChildren())))
                        .forPath(path));
    }

    @Override
    public void readNode(Place place) {
        ask(
                place,
                () -> client.getData()
                        .inBackground(answer(event -> reader.node(
                                place,
                                code(event),
                                event.getData() == null ? new byte[0] : event.getData(),
                                event.getStat())))
                        .forPath(paths.node(place.service(), place.node())));
    }

    /** An answer counts only on the connection on which it was asked for. */
    private BackgroundCallback answer(Consumer<CuratorEvent> then) {
        long asked = connections;
        return (ignored, event) -> loop.run(() -> {
            if (asked == connections) {
                then.accept(event);
                settle();
            }
        });
    }

    private interface Question {
        void ask() throws Exception;
    }

    private void ask(Place place, Question question) {
        try {
            question.ask();
        } catch (Exception e) {
            LOG.debug("Reading {} could not be asked for", place, e);
            loop.run(() -> {
                reader.unasked(place, e.toString());
                settle();
            });
        }
    }

    private void connection(ConnectionState state) {
        String word = switch (state) {
            case CONNECTED, RECONNECTED -> "connected";
            case SUSPENDED -> "suspended";
            case LOST -> "lost";
            case READ_ONLY -> "read-only";
        };
        LOG.info("ZooKeeper: {} (was {})", word, status.connection());
        status = new WatchStatus(
                word, Instant.now(), status.complete(), status.sweeps(), status.differences(), status.problem());
        connections++;
        if (state.isConnected()) {
            reader.forgetQuestions();
            watchAndSweep(connections);
        }
    }

    private void tellIfNeverConnected() {
        if (status.connection().equals(NEVER)) {
            LOG.warn(
                    "ZooKeeper at {} has not answered for {} s; what was published before stays, and connecting is tried on",
                    client.getZookeeperClient().getCurrentConnectionString(),
                    PATIENCE.toSeconds());
        }
    }

    /** The watch first, then the reading: what changes in between is told or read. */
    private void watchAndSweep(long connection) {
        try {
            client.watchers()
                    .add()
                    .withMode(AddWatchMode.PERSISTENT_RECURSIVE)
                    .inBackground((ignored, event) -> loop.run(() -> watched(connection, code(event))))
                    .usingWatcher(watcher)
                    .forPath(paths.services());
        } catch (Exception e) {
            LOG.warn("The watch on {} could not be set; trying again", paths.services(), e);
            again(connection);
        }
    }

    private void watched(long connection, Code code) {
        if (connection != connections) {
            return;
        }
        if (code == Code.OK) {
            startSweep(false);
        } else {
            problem("setting the watch on " + paths.services() + ": " + code);
            again(connection);
        }
    }

    private void again(long connection) {
        loop.after(RETRY, () -> {
            if (connection == connections) {
                watchAndSweep(connection);
            }
        });
    }

    private void scheduleSweep() {
        long jitter = ThreadLocalRandom.current().nextLong(Math.max(1, sweepEvery.toMillis() / 5));
        loop.after(sweepEvery.minusMillis(jitter / 2).plusMillis(jitter), () -> {
            if (status.connection().equals("connected") && status.complete() && !reader.sweeping()) {
                startSweep(true);
            }
            scheduleSweep();
        });
    }

    private void startSweep(boolean shouldFindNothing) {
        periodic = shouldFindNothing;
        reader.takeDifferences();
        reader.sweep();
    }

    private void event(WatchedEvent event) {
        if (event.getType() != Watcher.Event.EventType.None && event.getPath() != null) {
            Place.at(event.getPath(), paths)
                    .filter(place -> place.isNode() || event.getType() != Watcher.Event.EventType.NodeDataChanged)
                    .ifPresent(place -> loop.run(() -> {
                        reader.announce(place);
                        settle();
                    }));
        }
    }

    /** After each answer: hand on what changed. A first reading is handed on whole, not in parts. */
    private void settle() {
        boolean swept = reader.takeSwept();
        if (swept) {
            long found = periodic ? reader.takeDifferences() : 0;
            if (found > 0) {
                LOG.warn("A periodic reading found {} differences that no event had told of", found);
            }
            boolean first = !status.complete();
            if (first) {
                reader.takeChanged();
                handOn();
                LOG.info("The registry is read: {} backends", reader.roll().size());
            }
            status = new WatchStatus(
                    status.connection(), status.since(), true, status.sweeps() + 1, status.differences() + found, "");
            periodic = false;
        } else if (reader.failed() && !reader.sweeping()) {
            problem(reader.problem());
            retryFailed();
        }
        if (status.complete() && reader.takeChanged() && !handingOn) {
            handingOn = true; // once for all the answers that are already waiting
            loop.run(this::handOn);
        }
    }

    private void handOn() {
        handingOn = false;
        roll = Optional.of(reader.roll());
        onChange.run();
    }

    private void retryFailed() {
        if (!retrying) {
            retrying = true;
            loop.after(RETRY, () -> {
                retrying = false;
                if (status.connection().equals("connected") && reader.failed()) {
                    startSweep(false);
                }
            });
        }
    }

    private void problem(String problem) {
        if (status.problem().isEmpty()) {
            LOG.warn("Registry: {}; the view stays as it is, and reading is tried again", problem);
            status = new WatchStatus(
                    status.connection(),
                    status.since(),
                    status.complete(),
                    status.sweeps(),
                    status.differences(),
                    problem);
        }
    }

    private static Code code(CuratorEvent event) {
        return Code.get(event.getResultCode());
    }
}
