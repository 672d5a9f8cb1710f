package io.rollcall.drain;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Questions to one ZooKeeper session. They are asked at once and answered in order, so that whoever asks ten has to wait hardly
 * longer than for one. What is read comes with a watch, for the same watcher each time, which ZooKeeper keeps once per path.
 */
final class Calls {
    /** What a znode holds. */
    static final class Found {
        private final byte[] data;
        private final Stat stat;

        Found(byte[] data, Stat stat) {
            this.data = data;
            this.stat = stat;
        }

        byte[] data() {
            return data;
        }

        Stat stat() {
            return stat;
        }
    }

    /** A session that is gone answers with an error well before that. */
    private static final long PATIENCE_SECONDS = 20;

    private static final long LOOK_EVERY_MILLIS = 5;

    private final ZooKeeper session;
    private final Watcher watcher;

    private Calls(ZooKeeper session, Watcher watcher) {
        this.session = session;
        this.watcher = watcher;
    }

    /** On the session that is connected now, or is within {@code patienceNanos}. */
    static Calls on(Supplier<Optional<ZooKeeper>> sessions, Watcher watcher, long patienceNanos) throws IOException {
        long start = System.nanoTime();
        while (true) {
            Optional<ZooKeeper> session = sessions.get();
            if (session.isPresent()) {
                return new Calls(session.get(), watcher);
            }
            if (System.nanoTime() - start >= patienceNanos) {
                throw new LostConnectionException("no connection to ZooKeeper", null);
            }
            pause();
        }
    }

    static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Has the server, which may lag behind the others, catch up with all that was written before. */
    void catchUp(String path) throws IOException, KeeperException {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        session.sync(path, (rc, at, context) -> settleWrite(answer, rc, path, path), null);
        get(answer);
    }

    /** Empty if there is no such znode. */
    CompletableFuture<Optional<Found>> data(String path) {
        CompletableFuture<Optional<Found>> answer = new CompletableFuture<>();
        session.getData(
                path,
                watcher,
                (rc, at, context, data, stat) -> settle(
                        answer, rc, at, stat == null ? null : new Found(data == null ? new byte[0] : data, stat)),
                null);
        return answer;
    }

    /** Empty if there is no such znode, which is watched then for its coming. */
    CompletableFuture<Optional<Stat>> exists(String path) {
        CompletableFuture<Optional<Stat>> answer = new CompletableFuture<>();
        session.exists(path, watcher, (rc, at, context, stat) -> settle(answer, rc, at, stat), null);
        return answer;
    }

    /** None if there is no such znode, which is watched then for its coming: asking for children alone would not. */
    CompletableFuture<List<String>> children(String path) {
        CompletableFuture<Optional<List<String>>> answer = new CompletableFuture<>();
        session.getChildren(
                path,
                watcher,
                (int rc, String at, Object context, List<String> names) -> settle(answer, rc, at, names),
                null);
        return answer.thenCompose(names -> names.map(CompletableFuture::completedFuture)
                .orElseGet(() -> exists(path)
                        .thenCompose(come -> come.isPresent()
                                ? children(path)
                                : CompletableFuture.completedFuture(List.<String>of()))));
    }

    /** Creates a persistent node and what is missing above it. */
    void create(String path, byte[] data) throws IOException, KeeperException {
        try {
            createOne(path, data);
        } catch (KeeperException.NoNodeException e) {
            try {
                create(path.substring(0, path.lastIndexOf('/')), new byte[0]);
            } catch (KeeperException.NodeExistsException other) {
                // somebody was faster
            }
            createOne(path, data);
        }
    }

    private void createOne(String path, byte[] data) throws IOException, KeeperException {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        session.create(
                path,
                data,
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (int rc, String at, Object context, String name) -> settleWrite(answer, rc, at, name),
                null);
        get(answer);
    }

    void write(String path, byte[] data, int version) throws IOException, KeeperException {
        CompletableFuture<Optional<Stat>> answer = new CompletableFuture<>();
        session.setData(path, data, version, (rc, at, context, stat) -> settleWrite(answer, rc, at, stat), null);
        get(answer);
    }

    /** All of them or none. */
    void together(List<Op> steps) throws IOException, KeeperException {
        CompletableFuture<Optional<Object>> answer = new CompletableFuture<>();
        session.multi(
                steps,
                (rc, at, context, results) ->
                        settleWrite(answer, rc, steps.get(steps.size() - 1).getPath(), results),
                null);
        get(answer);
    }

    /** The answer. A connection that was lost is an IOException: then it is not known whether anything was done. */
    static <T> T get(CompletableFuture<T> answer) throws IOException, KeeperException {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof KeeperException failure)) {
                throw new IOException(e.getCause());
            }
            if (isPassing(failure.code())) {
                throw new LostConnectionException("no connection to ZooKeeper", failure);
            }
            throw failure;
        } catch (TimeoutException e) {
            throw new LostConnectionException("ZooKeeper has not answered for " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static boolean isPassing(Code code) {
        return switch (code) {
            case CONNECTIONLOSS, OPERATIONTIMEOUT, SESSIONEXPIRED, SESSIONMOVED, REQUESTTIMEOUT -> true;
            default -> false;
        };
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for ZooKeeper");
    }

    private static <T> void settle(CompletableFuture<Optional<T>> answer, int rc, String path, @Nullable T value) {
        if (Code.get(rc) == Code.NONODE) {
            answer.complete(Optional.empty());
        } else {
            settleWrite(answer, rc, path, value);
        }
    }

    private static <T> void settleWrite(CompletableFuture<Optional<T>> answer, int rc, String path, @Nullable T value) {
        Code code = Code.get(rc);
        if (code == Code.OK) {
            answer.complete(Optional.ofNullable(value));
        } else {
            answer.completeExceptionally(KeeperException.create(code, path));
        }
    }
}
