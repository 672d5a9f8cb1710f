package io.rollcall.deploy.soak;

import io.rollcall.registry.Paths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/** Very many names with a backend each, registered as registrars do, but from 25 sessions. Used by one thread. */
final class Crowd implements AutoCloseable {
    private static final int SESSIONS = 25;
    private static final int UNDER_WAY = 1000;
    private static final int SESSION_TIMEOUT_MILLIS = 40_000;
    private static final Paths PATHS = new Paths(Paths.DEFAULT_ROOT);

    private final List<ZooKeeper> sessions = new ArrayList<>();
    private final int port;

    private Crowd(int port) {
        this.port = port;
    }

    /** @param port where all backends answer, each at an address of its own */
    static Crowd connect(String zookeeper, int port) throws Exception {
        Crowd crowd = new Crowd(port);
        for (int i = 0; i < SESSIONS; i++) {
            crowd.sessions.add(session(zookeeper));
        }
        for (String path : List.of(PATHS.root(), PATHS.services())) {
            crowd.sessions.get(0).create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        return crowd;
    }

    private static ZooKeeper session(String connect) throws IOException, InterruptedException {
        Semaphore connected = new Semaphore(0);
        ZooKeeper session = new ZooKeeper(connect, SESSION_TIMEOUT_MILLIS, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.release();
            }
        });
        if (!connected.tryAcquire(20, TimeUnit.SECONDS)) {
            session.close();
            throw new IOException("no session with ZooKeeper at " + connect + " within 20 s");
        }
        return session;
    }

    static String name(int number) {
        return "name-" + number + ".example.com";
    }

    void register(int size) throws Exception {
        Calls calls = new Calls();
        for (int i = 0; i < size; i++) {
            String name = name(i);
            session(i)
                    .create(
                            PATHS.service(name),
                            new byte[0],
                            Ids.OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT,
                            (code, path, context, made) -> calls.done(code),
                            calls.begin());
            session(i)
                    .create(
                            node(i),
                            data(i, 0, "up"),
                            Ids.OPEN_ACL_UNSAFE,
                            CreateMode.EPHEMERAL,
                            (code, path, context, made) -> calls.done(code),
                            calls.begin());
        }
        calls.awaitAll();
    }

    /** The first {@code count} each get another address, once a second; how long each round took goes into {@code times}. */
    void changeEachSecond(int count, int seconds, Samples times) throws Exception {
        long begin = System.nanoTime();
        for (int second = 1; second <= seconds; second++) {
            long start = System.nanoTime();
            Calls calls = new Calls();
            for (int i = 0; i < count; i++) {
                byte[] data = data(i, second, "up");
                session(i).setData(node(i), data, -1, (code, path, context, stat) -> calls.done(code), calls.begin());
            }
            calls.awaitAll();
            times.addNanos(System.nanoTime() - start);
            long left = begin + second * 1_000_000_000L - System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
        }
    }

    /** Gives it the address of that turn. */
    void change(int number, int turn) throws Exception {
        session(number).setData(node(number), data(number, turn, "up"), -1);
    }

    void leave(int number) throws Exception {
        session(number).setData(node(number), data(number, 0, "left"), -1);
    }

    private ZooKeeper session(int number) {
        return sessions.get(number % SESSIONS);
    }

    private static String node(int number) {
        return PATHS.node(name(number), "b-" + number + Paths.SUFFIX_MARK + "1");
    }

    /** As the format of the tree has it; what is left out has a default. */
    private byte[] data(int number, int turn, String state) {
        String address =
                "127." + (1 + (2 * turn + number / 62_500) % 250) + "." + number / 250 % 250 + "." + (1 + number % 250);
        return """
                {"name":"%s","id":"b-%d~1","address":"%s","port":%d,"payload":null,"enabled":%s,\
                "rollcall":{"id":"b-%d","incarnation":"soak","state":"%s","weight":1}}""".formatted(name(number), number, address, port, state.equals("up"), number, state)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            for (ZooKeeper session : sessions) {
                session.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Many calls at once, of which none may fail. */
    private static final class Calls {
        private final Semaphore room = new Semaphore(UNDER_WAY);
        private final AtomicInteger failures = new AtomicInteger();

        Calls begin() throws InterruptedException {
            room.acquire();
            return this;
        }

        void done(int code) {
            if (code != Code.OK.intValue()) {
                failures.incrementAndGet();
            }
            room.release();
        }

        void awaitAll() throws IOException, InterruptedException {
            room.acquire(UNDER_WAY);
            if (failures.get() > 0) {
                throw new IOException(failures + " calls of ZooKeeper failed");
            }
        }
    }
}
