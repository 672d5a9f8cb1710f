package io.rollcall.registrar;

import io.rollcall.registrar.Session.Live;
import io.rollcall.registry.Instance;
import io.rollcall.registry.Paths;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one backend's znode in the tree and up to date, session after session. All of it runs on the loop, one request to
 * ZooKeeper at a time; {@link #advance} looks at what is known and takes the next step, so whatever happens in between only has to
 * correct what is known.
 *
 * <p>A watch on the own node tells at once when somebody else deletes or edits it, and the client restores watches after a
 * reconnection with what was missed; {@link #check}, called now and then, is for whatever got lost all the same.
 */
final class NodeKeeper implements Session.Listener {
    /** A znode of ours and the session it belongs to; the name is unique, so finding it again tells that a create succeeded. */
    private record Node(long session, String name, String path) {}

    /** More sessions than this cannot have ended without the server knowing. */
    private static final int MAX_FORMER = 4;

    private final NodeData data;
    private final Paths paths;
    private final Board board;
    private final Loop loop;
    private final Turn turn;
    private final OrderWatch orders;
    private final LongSupplier counter;
    private final String unreachable;
    private final Watcher watcher = this::event;

    private @Nullable Live live;
    private @Nullable Node node;
    private boolean created; // node has been seen in the tree
    private boolean verified; // and nothing happened since that could have changed it
    private long born; // czxid
    private String written = ""; // what it then said
    private final Deque<Node> former =
            new ArrayDeque<>(); // of sessions that are over for us, but maybe not for the server
    private boolean lingering;
    private boolean lingered;
    private boolean alone; // no older node would count in our place

    /** Completed when the tree says {@code left}, or has nothing of us. */
    final CompletableFuture<Boolean> told = new CompletableFuture<>();

    /** Completed when there is nothing more to do. */
    final CompletableFuture<Boolean> gone = new CompletableFuture<>();

    NodeKeeper(
            NodeData data,
            Paths paths,
            Board board,
            Loop loop,
            Turn turn,
            OrderWatch orders,
            LongSupplier counter,
            String unreachable) {
        this.data = data;
        this.paths = paths;
        this.board = board;
        this.loop = loop;
        this.turn = turn;
        this.orders = orders;
        this.counter = counter;
        this.unreachable = unreachable;
    }

    @Override
    public void connected(Live now) {
        live = now;
        if (node != null && node.session() != now.id()) {
            abandon(node);
        }
        check();
    }

    @Override
    public void disconnected(boolean over) {
        live = null;
        turn.takeBack();
        orders.disconnected();
        verified = false;
        if (over && node != null) {
            abandon(node);
            board.sessionLost("session lost; " + unreachable);
        } else {
            board.suspended(unreachable);
        }
    }

    /** Compares the tree with what it should say, whatever was under way. */
    void check() {
        turn.takeBack();
        verified = false;
        advance();
    }

    /** Something else is wanted. */
    void wake() {
        turn.hurry();
        advance();
    }

    private void advance() {
        if (turn.isTaken() || gone.isDone()) {
            return;
        }
        boolean leaving = board.wanted().leaving();
        if (leaving && node == null && former.isEmpty()) {
            finish();
        } else if (live == null) {
            return; // connected() comes back here
        } else if (node == null && !leaving) {
            node = next(live);
            create(live, node);
        } else if (node != null && !verified) {
            verify(live, node);
        } else if (!former.isEmpty()) {
            retire(live, former.getFirst());
        } else if (node != null && lingered && !alone) {
            silencePredecessors(live);
        } else if (node != null && lingered) {
            delete(live, node);
        } else if (node != null) {
            write(live, node);
        }
    }

    private Node next(Live now) {
        created = false;
        String name = data.id() + Paths.SUFFIX_MARK + Long.toHexString(now.id()) + "-" + counter.getAsLong();
        return new Node(now.id(), name, paths.node(data.service(), name));
    }

    /** Repeated under the same name when the connection dropped: the node that is then found is the one that was asked for. */
    private void create(Live now, Node mine) {
        String text = data.encode(board.wanted(), mine.name());
        Znodes.create(now, mine.path(), text, CreateMode.EPHEMERAL, turn.request(code -> {
            switch (code) {
                case OK, NODEEXISTS -> advance();
                case NONODE -> createParents(now);
                default -> failed(code, "create", mine.path());
            }
        }));
    }

    private void createParents(Live now) {
        Znodes.createParents(now, paths.service(data.service()), turn.request((code, path) -> {
            if (code == Code.OK) {
                advance();
            } else {
                failed(code, "create", path);
            }
        }));
    }

    private void verify(Live now, Node mine) {
        Znodes.read(now, mine.path(), watcher, turn.request((code, found) -> {
            switch (code) {
                case OK -> found(now, mine, found);
                case NONODE -> missing(now, mine);
                default -> failed(code, "read", mine.path());
            }
        }));
    }

    private void found(Live now, Node mine, Znodes.Found found) {
        if (found.owner() == mine.session()) {
            created = true;
            verified = true;
            born = found.born();
            written = found.data();
            orders.registered(now, born);
        } else {
            node = null; // not ours after all; the next name is another one
        }
        advance();
    }

    private void missing(Live now, Node mine) {
        if (!created && !board.wanted().leaving()) {
            create(now, mine);
            return;
        }
        if (created) {
            board.absent("znode " + mine.path() + " was deleted by somebody else");
        }
        node = null;
        advance();
    }

    private void write(Live now, Node mine) {
        Wanted wanted = board.wanted();
        String text = data.encode(wanted, mine.name());
        if (text.equals(written)) {
            settled(wanted, mine);
            return;
        }
        Znodes.write(now, mine.path(), text, turn.request(code -> {
            switch (code) {
                case OK -> {
                    written = text;
                    advance();
                }
                case NONODE -> check();
                default -> failed(code, "write", mine.path());
            }
        }));
    }

    private void settled(Wanted wanted, Node mine) {
        turn.succeeded();
        board.settled(wanted, mine.path());
        if (wanted.leaving() && !lingering) {
            lingering = true;
            told.complete(true);
            loop.later(wanted.linger(), () -> {
                lingered = true;
                advance();
            });
        }
    }

    /**
     * Removes a node of an earlier session of this process. It is older than the present one and thus ignored, but would count
     * again if the present one left before the server noticed that session's end. Where deleting is not allowed it says left.
     */
    private void retire(Live now, Node earlier) {
        Znodes.write(now, earlier.path(), data.encode(board.wanted().left(), earlier.name()), code -> {});
        Znodes.delete(now, earlier.path(), turn.request(code -> {
            if (Znodes.isPassing(code)) {
                failed(code, "delete", earlier.path());
            } else {
                former.remove(earlier);
                advance();
            }
        }));
    }

    private void silencePredecessors(Live now) {
        Instance self = data.instance(board.wanted());
        Predecessors.silence(now, paths, self, born, turn.request(code -> {
            alone = true;
            advance();
        }));
    }

    private void delete(Live now, Node mine) {
        Znodes.delete(now, mine.path(), turn.request(code -> {
            if (Znodes.isPassing(code)) {
                failed(code, "delete", mine.path());
            } else {
                finish(); // deleted, or not allowed to: then it says left until the session ends
            }
        }));
    }

    private void finish() {
        orders.stop();
        board.left();
        told.complete(true);
        gone.complete(true);
    }

    private void failed(Code code, String action, String path) {
        verified = false;
        if (!Znodes.isPassing(code)) { // else the session tells
            board.failed("cannot " + action + " " + path + ": " + code);
        }
        turn.later(this::advance);
    }

    private void event(org.apache.zookeeper.WatchedEvent event) {
        if (event.getType() != Watcher.Event.EventType.None) {
            loop.run(() -> {
                verified = false;
                advance();
            });
        }
    }

    private void abandon(Node earlier) {
        former.addLast(earlier);
        if (former.size() > MAX_FORMER) {
            former.removeFirst();
        }
        node = null;
    }
}
