package io.rollcall.registrar;

import io.rollcall.registrar.Session.Live;
import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes how many requests a backend is at below the order that it obeys, as an ephemeral node named {@code registrar}. All of it runs
 * on the loop, one request to ZooKeeper at a time; {@link #advance} looks at what is known and takes the next step.
 */
final class CountTeller {
    private static final Logger log = LoggerFactory.getLogger(Registration.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** A busy server's count changes all the time; who waits looks at it now and then. What matters is written at once. */
    private static final Duration WRITE_EVERY = Duration.ofMillis(200);

    /** More sessions than this cannot have ended without the server knowing. */
    private static final int MAX_SESSIONS = 4;

    private final InFlight inFlight;
    private final Stillness stillness;
    private final String name;
    private final Loop loop;
    private final Turn turn;
    private final Clock clock;
    private final Watcher watcher = this::event;
    private final Deque<Long> sessions = new ArrayDeque<>(); // in which it has written

    private @Nullable Live live;
    private @Nullable StandingOrder order;
    private @Nullable String path; // of the ack, since there was an order
    private boolean looking;
    private boolean verified; // what is in the tree is known
    private boolean there; // and is this
    private long owner;
    private @Nullable Ack written; // without its time
    private String text = ""; // as it was written
    private long wroteAt;
    private String problem = "";

    CountTeller(InFlight inFlight, String name, Loop loop, Turn turn, Clock clock) {
        this.inFlight = inFlight;
        this.stillness = new Stillness(System::nanoTime);
        this.name = name;
        this.loop = loop;
        this.turn = turn;
        this.clock = clock;
    }

    InFlight inFlight() {
        return inFlight;
    }

    /** Obeyed is this order now, or none. */
    void obey(Live now, @Nullable StandingOrder next) {
        live = now;
        order = next;
        if (next != null) {
            path = next.path() + "/" + Ack.REGISTRAR;
        }
        turn.takeBack();
        verified = false;
        advance();
        if (next != null && !looking) {
            looking = true;
            look();
        }
    }

    void disconnected() {
        live = null;
        turn.takeBack();
    }

    void stop() {
        order = null;
        advance();
    }

    /** Again and again while there is an order. */
    private void look() {
        looking = order != null;
        if (looking) {
            loop.later(LOOK_EVERY, this::look); // first, so that it goes on whatever the rest does
            stillness.look(inFlight.reading());
            advance();
        } else {
            stillness.forget();
        }
    }

    private void advance() {
        if (live == null || path == null || turn.isTaken()) {
            return;
        }
        boolean wanted = order != null && !inFlight.isIncomplete();
        if (!verified) {
            verify(live, path);
        } else if (there && owner != live.id()) {
            if (sessions.contains(owner)) { // it would go with that session
                delete(live, path);
            }
        } else if (there && !wanted) {
            delete(live, path);
        } else if (order != null && wanted) {
            write(live, path, ack(order));
        }
    }

    private Ack ack(StandingOrder to) {
        long open = inFlight.count();
        boolean still = open == 0 && stillness.isQuiet();
        return new Ack(
                to.czxid(),
                to.mzxid(),
                still ? Ack.Stage.QUIET : Ack.Stage.SWITCHED,
                Ack.Evidence.REGISTRAR,
                open,
                open == 0 ? "" : "requests in the server: " + open,
                "");
    }

    private void verify(Live now, String at) {
        Znodes.read(now, at, watcher, turn.request((code, found) -> {
            switch (code) {
                case OK -> {
                    verified = true;
                    there = true;
                    owner = found.owner();
                    written = found.data().equals(text) ? written : null;
                    advance();
                }
                case NONODE -> {
                    verified = true;
                    there = false;
                    written = null;
                    path = order == null ? null : path;
                    advance();
                }
                default -> failed(code, "read", at);
            }
        }));
    }

    private void write(Live now, String at, Ack ack) {
        if (ack.equals(written) || !isTime(ack)) {
            return;
        }
        String next = encode(ack);
        boolean create = !there;
        if (create && !sessions.contains(now.id())) {
            sessions.addLast(now.id());
            if (sessions.size() > MAX_SESSIONS) {
                sessions.removeFirst();
            }
        }
        Consumer<Code> answer = turn.request(code -> {
            wroteAt = System.nanoTime();
            switch (code) {
                case OK -> {
                    written = ack;
                    text = next;
                    verified &= !create; // to set the watch; and the one that was set may have told of this already
                    turn.succeeded();
                    advance();
                }
                case NODEEXISTS -> {
                    verified = false;
                    advance();
                }
                default -> failed(code, "write", at);
            }
        });
        if (create) {
            Znodes.create(now, at, next, CreateMode.EPHEMERAL, answer);
        } else {
            Znodes.write(now, at, next, answer);
        }
    }

    /** Another stage, or of another version of the order: at once. Another count, or once more after somebody deleted it: not too often. */
    private boolean isTime(Ack ack) {
        boolean matters =
                written != null && (ack.stage() != written.stage() || !ack.quotes(written.czxid(), written.mzxid()));
        return matters || text.isEmpty() || System.nanoTime() - wroteAt >= WRITE_EVERY.toNanos();
    }

    private String encode(Ack ack) {
        Ack dated = new Ack(
                ack.czxid(),
                ack.mzxid(),
                ack.stage(),
                ack.evidence(),
                ack.open(),
                ack.detail(),
                clock.instant().toString());
        return new String(AckCodec.encode(dated), StandardCharsets.UTF_8);
    }

    private void delete(Live now, String at) {
        Znodes.delete(now, at, turn.request(code -> {
            switch (code) {
                case OK, NONODE -> {
                    verified = false;
                    text = "";
                    if (order != null) {
                        advance();
                    }
                }
                default -> failed(code, "delete", at);
            }
        }));
    }

    private void failed(Code code, String action, String at) {
        verified = false;
        String why = "cannot " + action + " " + at + ": " + code;
        // Without a node above, the order is gone, and somebody else tells.
        if (!Znodes.isPassing(code) && code != Code.NONODE && !why.equals(problem)) {
            problem = why;
            log.warn("{}: {}", name, why);
        }
        if (order != null) {
            turn.later(this::advance);
        }
    }

    private void event(WatchedEvent event) {
        if (event.getType() != Watcher.Event.EventType.None) {
            loop.run(() -> {
                verified = false;
                if (order != null) {
                    advance();
                }
            });
        }
    }
}
