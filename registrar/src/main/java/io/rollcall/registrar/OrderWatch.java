package io.rollcall.registrar;

import io.rollcall.registrar.Session.Live;
import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.OrderCodec;
import io.rollcall.registry.Paths;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Obeys the order that is given to one backend. It never changes the backend's own znode: agents obey the order themselves. All of it
 * runs on the loop, and what goes wrong here is no concern of the registration.
 *
 * <p>Looked at whenever the own znode was looked at, that is after each connection and now and then, and when a watch tells. What is
 * not known, because ZooKeeper is away or refuses, stays as it was.
 */
final class OrderWatch {
    private static final Logger log = LoggerFactory.getLogger(Registration.class);

    private final NodeData data;
    private final Paths paths;
    private final Board board;
    private final Loop loop;
    private final Turn turn;
    private final Callbacks callbacks;
    private final Optional<CountTeller> teller;
    private final Optional<InFlight> inFlight;
    private final AtomicBoolean draining = new AtomicBoolean(); // what inFlight was told
    private final List<DrainListener> listeners = new ArrayList<>();
    private final Watcher watcher = this::event;

    private @Nullable Live live; // null: nothing can be asked
    private long born; // czxid of the own znode
    private boolean stale; // something happened since the last question
    private boolean stopped;
    private @Nullable StandingOrder obeyed;
    private String problem = "";

    OrderWatch(
            NodeData data,
            Paths paths,
            Board board,
            Loop loop,
            Turn turn,
            Callbacks callbacks,
            Optional<CountTeller> teller) {
        this.data = data;
        this.paths = paths;
        this.board = board;
        this.loop = loop;
        this.turn = turn;
        this.callbacks = callbacks;
        this.teller = teller;
        this.inFlight = teller.map(CountTeller::inFlight);
    }

    /** The own znode is in the tree, since {@code czxid}. */
    void registered(Live now, long czxid) {
        live = now;
        born = czxid;
        turn.takeBack();
        look();
    }

    void disconnected() {
        live = null;
        turn.takeBack();
        teller.ifPresent(CountTeller::disconnected);
    }

    /** The backend has left: there is nothing more to obey. */
    void stop() {
        stopped = true;
        turn.takeBack();
        teller.ifPresent(CountTeller::stop);
        release();
    }

    void add(DrainListener listener) {
        listeners.add(listener);
        if (obeyed != null) {
            StandingOrder now = obeyed;
            callbacks.run(() -> listener.drain(now.order()));
        }
    }

    /** Something else may be wanted of the backend. */
    void refresh() {
        if (!stopped) {
            boolean unwanted = switch (board.wanted().state()) {
                case UP, DOWN -> false;
                case DRAINING, LEFT -> true;
            };
            drain(unwanted || obeyed != null);
        }
    }

    /** The counter may be given to another registration. Any thread. */
    void release() {
        drain(false);
    }

    private void drain(boolean on) {
        if (draining.compareAndSet(!on, on)) {
            inFlight.ifPresent(count -> count.drain(on));
        }
    }

    private void look() {
        if (live == null || turn.isTaken() || stopped) {
            return;
        }
        Live now = live;
        String path = paths.order(Paths.compared(data.service()), data.id());
        stale = false;
        Znodes.watch(now, path, watcher, turn.request(code -> {
            switch (code) {
                case OK -> read(now, path);
                case NONODE -> found(now, null);
                default -> failed(code, path);
            }
        }));
    }

    private void read(Live now, String path) {
        Znodes.read(now, path, null, turn.request((code, found) -> {
            switch (code) {
                case OK -> found(now, decode(path, found));
                case NONODE -> found(now, null); // the watch tells if it comes again
                default -> failed(code, path);
            }
        }));
    }

    private @Nullable StandingOrder decode(String path, Znodes.Found found) {
        try {
            return new StandingOrder(
                    OrderCodec.decode(found.data().getBytes(StandardCharsets.UTF_8)),
                    path,
                    found.born(),
                    found.changed());
        } catch (MalformedNodeException e) {
            warn("no order: " + e.getMessage() + " at " + path);
            return null;
        }
    }

    private void found(Live now, @Nullable StandingOrder order) {
        turn.succeeded();
        boolean mine = order != null && order.drains(data.incarnation(), born);
        obey(now, mine ? order : null);
        if (stale) {
            look();
        }
    }

    private void obey(Live now, @Nullable StandingOrder next) {
        StandingOrder before = obeyed;
        obeyed = next;
        boolean another = before != null && next != null && before.czxid() != next.czxid();
        if (before != null && (next == null || another)) {
            tell(listener -> listener.cancelled(before.order()));
        }
        if (next != null && (before == null || another)) {
            tell(listener -> listener.drain(next.order()));
        }
        board.ordered(Optional.ofNullable(next).map(StandingOrder::order));
        refresh();
        teller.ifPresent(count -> count.obey(now, next));
    }

    private void tell(Consumer<DrainListener> what) {
        listeners.forEach(listener -> callbacks.run(() -> what.accept(listener)));
    }

    private void failed(Code code, String path) {
        if (!Znodes.isPassing(code)) {
            warn("cannot read " + path + ": " + code);
        }
        turn.later(this::look);
    }

    private void warn(String text) {
        if (!text.equals(problem)) {
            problem = text;
            log.warn("{}: {}", board.name(), text);
        }
    }

    private void event(WatchedEvent event) {
        if (event.getType() != Watcher.Event.EventType.None) {
            loop.run(() -> {
                stale = true;
                turn.hurry();
                look();
            });
        }
    }
}
