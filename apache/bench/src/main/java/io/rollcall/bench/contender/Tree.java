package io.rollcall.bench.contender;

import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * The registry's tree, written as registrars do: an ephemeral znode for each backend, in one of 25 sessions. A name moves in one
 * transaction: its new backend is there when the old one goes.
 */
public final class Tree extends Routes {
    /** That all backends are registered in. */
    public static final int SESSIONS = 25;

    private static final int SESSION_TIMEOUT_MILLIS = 30_000;
    private static final int PATIENCE_SECONDS = 60;
    private static final Paths PATHS = new Paths(Paths.DEFAULT_ROOT);

    private final List<ZooKeeper> sessions = new ArrayList<>();
    private final Map<String, String> nodes = new HashMap<>(); // path by name; by the thread that changes
    private final Map<String, String> gone = new HashMap<>(); // path of the one before, which has left, by name
    private final Answers answers = new Answers();
    private long serial; // by the thread that changes

    private Tree() {}

    static Tree connect(String connect) throws Exception {
        Tree tree = new Tree();
        for (int i = 0; i < SESSIONS; i++) {
            tree.sessions.add(session(connect));
        }
        for (String path : List.of(PATHS.root(), PATHS.services())) {
            tree.sessions.get(0).create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        return tree;
    }

    /** A session of its own, connected. */
    public static ZooKeeper session(String connect) throws IOException, InterruptedException {
        Semaphore connected = new Semaphore(0);
        Watcher watcher = event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.release();
            }
        };
        ZooKeeper session = new ZooKeeper(connect, SESSION_TIMEOUT_MILLIS, watcher);
        if (!connected.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            session.close();
            throw new IOException("no session with ZooKeeper at " + connect + " within " + PATIENCE_SECONDS + " s");
        }
        return session;
    }

    /** Registers many at once. */
    void register(Map<String, String> addresses) throws Exception {
        begin(addresses);
        int turn = 0;
        for (Map.Entry<String, String> entry : addresses.entrySet()) {
            ZooKeeper session = sessions.get(turn++ % SESSIONS);
            answers.expect();
            answers.expect();
            Node node = node(entry.getKey(), entry.getValue());
            session.create(
                    PATHS.service(entry.getKey()),
                    new byte[0],
                    Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT,
                    answers,
                    null);
            session.create(node.path, bytes(node.data), Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, answers, null);
            nodes.put(entry.getKey(), node.path);
        }
        answers.await();
    }

    /**
     * Moves a name without waiting until that is done, as a backend does that leaves: it says so when the new one is there, and its
     * znode goes later, with the next move.
     */
    public void moveSoon(String name, String address) throws IOException, InterruptedException {
        begin(Map.of(name, address));
        List<Op> ops = move(name, address);
        answers.expect();
        sessions.get((int) (serial % SESSIONS)).multi(ops, answers, null);
    }

    /** Waits until all moves are done, and removes the znodes of those that have left. */
    public void endMoves() throws IOException, InterruptedException {
        for (String path : gone.values()) {
            answers.expect();
            sessions.get(0).delete(path, -1, answers, null);
        }
        gone.clear();
        answers.await();
    }

    @Override
    void changed(String name, Optional<String> before, Optional<String> address)
            throws KeeperException, InterruptedException {
        if (address.isPresent()) {
            ZooKeeper session = sessions.get((int) (serial % SESSIONS));
            if (!nodes.containsKey(name) && session.exists(PATHS.service(name), false) == null) {
                session.create(PATHS.service(name), new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
            session.multi(move(name, address.get()));
        } else {
            leave(name);
        }
    }

    /** As backends do: the new one is there when the one before says that it leaves, and that one's znode goes with the next move. */
    private List<Op> move(String name, String address) {
        Optional<String> old = Optional.ofNullable(nodes.get(name));
        List<Op> ops = new ArrayList<>();
        ops.add(creation(name, address));
        old.ifPresent(path -> ops.add(Op.setData(path, left(name, path), -1)));
        Optional.ofNullable(old.isPresent() ? gone.put(name, old.get()) : gone.remove(name))
                .ifPresent(path -> ops.add(Op.delete(path, -1)));
        return ops;
    }

    /** Of the node of a new backend, which is the name's from now on. */
    private Op creation(String name, String address) {
        Node node = node(name, address);
        nodes.put(name, node.path);
        return Op.create(node.path, bytes(node.data), Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    }

    /** First it says so, which acts at once; then the znode goes. */
    private void leave(String name) throws KeeperException, InterruptedException {
        String path = nodes.remove(name);
        if (path != null) {
            sessions.get(0).setData(path, left(name, path), -1);
            sessions.get(0).delete(path, -1);
        }
    }

    private static byte[] left(String name, String path) {
        String nodeName = path.substring(path.lastIndexOf('/') + 1);
        return bytes(data(name, nodeName, Paths.idOf(nodeName).replace('-', ':'), State.LEFT, 1));
    }

    private record Node(String path, String data) {}

    private Node node(String name, String address) {
        String nodeName = address.replace(':', '-') + Paths.SUFFIX_MARK + serial++;
        return new Node(PATHS.node(name, nodeName), data(name, nodeName, address, State.UP, 1));
    }

    static byte[] bytes(String data) {
        return data.getBytes(StandardCharsets.UTF_8);
    }

    /** As the format of the tree has it; what is left out has a default. */
    static String data(String name, String nodeName, String address, State state, int weight) {
        String[] parts = address.split(":", 2);
        return """
                {"name":"%s","id":"%s","address":"%s","port":%s,"payload":null,"enabled":%s,\
                "rollcall":{"id":"%s","incarnation":"bench","state":"%s","weight":%d}}""".formatted(
                name, nodeName, parts[0], parts[1], state == State.UP, Paths.idOf(nodeName), state.word(), weight);
    }

    @Override
    public void close() {
        close(sessions);
    }

    static void close(List<ZooKeeper> sessions) {
        try {
            for (ZooKeeper session : sessions) {
                session.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
