package io.rollcall.agent.watch;

import io.rollcall.agent.loop.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a value in step with a tree in the registry. Events are hints: they say where to read. A watch gets no events of what
 * happened while the connection was gone, so every new connection sets it and then reads everything; and a periodic sweep, which
 * should find nothing, counts what it finds.
 */
public final class TreeWatch<N, T> implements AutoCloseable, TreeReader.Source {
    /** Who is told. Called on threads that must not be kept. */
    public interface Listener {
        /** The value changed, or is current again. */
        void changed();

        /** Something happened below a node: that is not read here. */
        default void below(WatchedEvent event) {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(TreeWatch.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final CuratorFramework client;
    private final Subject<N, T> subject;
    private final Duration sweepEvery;
    private final Listener listener;
    private final TreeReader<N, T> reader;
    private final Watcher watcher = this::event;
    private final Loop loop;

    private volatile Optional<T> value = Optional.empty(); // by the loop
    private volatile WatchStatus status = WatchStatus.NONE; // by the loop
    private final AtomicLong told = new AtomicLong(); // changes of the connection
    private volatile long sweptOn = -1; // by the loop: which of them the last whole reading is younger than
    private boolean connected; // by the loop
    private long connections; // by the loop: those that it has seen
    private boolean handingOn; // by the loop
    private boolean retrying; // by the loop
    private boolean periodic; // by the loop: the sweep under way is one that should find nothing
    private int perSecond; // by the loop: places that it may read

    /**
     * A watch that is not started yet.
     *
     * @param client shared, and not closed by the watch
     * @param initial what was known before, from a snapshot
     */
    public TreeWatch(
            CuratorFramework client,
            Subject<N, T> subject,
            Duration sweepEvery,
            Map<String, NavigableMap<String, N>> initial,
            Listener listener) {
        this.client = client;
        this.subject = subject;
        this.sweepEvery = sweepEvery;
        this.listener = listener;
        this.reader = new TreeReader<>(this, subject, initial);
        this.loop = new Loop("rollcall-watch-" + subject.what());
    }

    public void start() {
        scheduleSweep();
        loop.every(Duration.ofSeconds(1), () -> reader.allow(connected ? perSecond : 0));
    }

    /** The connection is in another state. To be told in the order in which it happened. */
    public void connection(ConnectionState state) {
        told.incrementAndGet();
        loop.run(() -> changedTo(state));
    }

    /** What the registry said last; empty until it was read as a whole. */
    public Optional<T> value() {
        return value;
    }

    /** Whether everything was read on the connection of which this was told last. */
    public boolean current() {
        return sweptOn == told.get();
    }

    public WatchStatus status() {
        return status;
    }

    @Override
    public void close() {
        loop.close(Duration.ZERO);
    }

    @Override
    public void readChildren(Place place) {
        ask(
                place,
                () -> client.getChildren()
                        .inBackground(answer(event -> reader.children(
                                place, code(event), event.getChildren() == null ? List.of() : event.getChildren())))
                        .forPath(place.path(subject.base())));
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
                        .forPath(place.path(subject.base())));
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

    private void ask(Place place, Callable<?> question) {
        try {
            question.call();
        } catch (Exception e) {
            LOG.debug("Reading {} could not be asked for", place, e);
            loop.run(() -> {
                reader.unasked(place, e.toString());
                settle();
            });
        }
    }

    private void changedTo(ConnectionState state) {
        connections++;
        connected = state.isConnected();
        if (connected) {
            reader.forgetQuestions();
            watchAndSweep(connections);
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
                    .forPath(subject.base());
        } catch (Exception e) {
            LOG.warn("The watch on {} could not be set; trying again", subject.base(), e);
            later(connection, RETRY, () -> watchAndSweep(connection));
        }
    }

    private void watched(long connection, Code code) {
        if (connection != connections) {
            return;
        }
        if (code == Code.OK) {
            // Whoever has read nothing yet is waited for.
            Duration spread = Pace.spread(status.complete() ? reader.size() : 0);
            later(connection, spread, () -> startSweep(false));
        } else {
            problem("setting the watch on " + subject.base() + ": " + code);
            later(connection, RETRY, () -> watchAndSweep(connection));
        }
    }

    private void later(long connection, Duration delay, Runnable then) {
        loop.after(delay, () -> {
            if (connection == connections) {
                then.run();
            }
        });
    }

    private void scheduleSweep() {
        long jitter = ThreadLocalRandom.current().nextLong(Math.max(1, sweepEvery.toMillis() / 5));
        loop.after(sweepEvery.minusMillis(jitter / 2).plusMillis(jitter), () -> {
            if (connected && sweptOn == connections && !reader.sweeping()) {
                startSweep(true);
            }
            scheduleSweep();
        });
    }

    private void startSweep(boolean shouldFindNothing) {
        periodic = shouldFindNothing;
        reader.takeDifferences();
        if (periodic) {
            perSecond = Pace.perSecond(reader.size(), sweepEvery);
            reader.sweepAtLeisure();
        } else {
            reader.sweep();
        }
    }

    private void event(WatchedEvent event) {
        if (event.getType() == Watcher.Event.EventType.None || event.getPath() == null) {
            return;
        }
        Optional<Place> place = Place.at(event.getPath(), subject.base());
        if (place.isEmpty()) {
            listener.below(event);
        }
        place.filter(at -> at.isNode() || event.getType() != Watcher.Event.EventType.NodeDataChanged)
                .ifPresent(at -> loop.run(() -> {
                    reader.announce(at);
                    settle();
                }));
    }

    /** After each answer: hand on what changed. A first reading is handed on whole, not in parts. */
    private void settle() {
        boolean swept = reader.takeSwept();
        if (swept) {
            swept();
        } else if (reader.failed() && (periodic || !reader.sweeping())) {
            problem(reader.problem());
            retryFailed();
        }
        if (status.complete() && reader.takeChanged() && !handingOn) {
            handingOn = true; // once for all the answers that are already waiting
            loop.run(this::handOn);
        }
    }

    private void swept() {
        long found = periodic ? reader.takeDifferences() : 0;
        if (found > 0) {
            LOG.warn("A reading of the {} found {} differences that no event had told of", subject.what(), found);
        }
        if (sweptOn != connections) {
            sweptOn = connections;
            reader.takeChanged();
            handOn();
        }
        if (!status.complete()) {
            LOG.info("The {} are read: {} nodes", subject.what(), reader.size());
        }
        status = new WatchStatus(true, status.sweeps() + 1, status.differences() + found, "");
        periodic = false;
    }

    private void handOn() {
        handingOn = false;
        value = Optional.of(reader.whole());
        listener.changed();
    }

    private void retryFailed() {
        if (!retrying) {
            retrying = true;
            loop.after(RETRY, () -> {
                retrying = false;
                if (connected && reader.failed()) {
                    startSweep(false);
                }
            });
        }
    }

    private void problem(String problem) {
        if (status.problem().isEmpty()) {
            LOG.warn("Registry: {}; the view stays as it is, and reading is tried again", problem);
            status = new WatchStatus(status.complete(), status.sweeps(), status.differences(), problem);
        }
    }

    private static Code code(CuratorEvent event) {
        return Code.get(event.getResultCode());
    }
}
