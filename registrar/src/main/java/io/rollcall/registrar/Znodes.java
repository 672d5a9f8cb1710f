package io.rollcall.registrar;

import io.rollcall.registrar.Session.Live;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.jspecify.annotations.Nullable;

/** ZooKeeper's asynchronous calls as a registrar needs them. They never block; answers come on ZooKeeper's event thread. */
final class Znodes {
    /** What a node says, which session holds it, and the places of its birth and of its last change in the order of everything. */
    record Found(String data, long owner, long born, long changed) {
        private static final Found NOTHING = new Found("", 0, 0, 0);
    }

    private Znodes() {}

    static void create(Live live, String path, String data, CreateMode mode, Consumer<Code> answer) {
        live.zooKeeper()
                .create(
                        path,
                        data.getBytes(StandardCharsets.UTF_8),
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        mode,
                        (rc, at, context, name) -> answer.accept(Code.get(rc)),
                        null);
    }

    /**
     * Creates persistent nodes down to {@code path} and tells the outcome and the path that it is about. It goes from the bottom up
     * and only where something is missing, because whoever may create a backend need not be allowed to create anything above it.
     */
    static void createParents(Live live, String path, BiConsumer<Code, String> answer) {
        create(live, path, "", CreateMode.PERSISTENT, code -> {
            if (code == Code.NONODE && !path.equals("/")) {
                createParents(live, parent(path), (above, at) -> {
                    if (above == Code.OK) {
                        createParents(live, path, answer);
                    } else {
                        answer.accept(above, at);
                    }
                });
            } else {
                answer.accept(code == Code.NODEEXISTS ? Code.OK : code, path);
            }
        });
    }

    /** Asks whether the node is there, and watches for its birth, its change and its end. */
    static void watch(Live live, String path, Watcher watcher, Consumer<Code> answer) {
        live.zooKeeper().exists(path, watcher, (rc, at, context, stat) -> answer.accept(Code.get(rc)), null);
    }

    static void read(Live live, String path, @Nullable Watcher watcher, BiConsumer<Code, Found> answer) {
        live.zooKeeper()
                .getData(
                        path,
                        watcher,
                        (rc, at, context, data, stat) -> answer.accept(
                                Code.get(rc),
                                stat == null
                                        ? Found.NOTHING
                                        : new Found(
                                                text(data),
                                                stat.getEphemeralOwner(),
                                                stat.getCzxid(),
                                                stat.getMzxid())),
                        null);
    }

    static void write(Live live, String path, String data, Consumer<Code> answer) {
        live.zooKeeper()
                .setData(
                        path,
                        data.getBytes(StandardCharsets.UTF_8),
                        -1,
                        (rc, at, context, stat) -> answer.accept(Code.get(rc)),
                        null);
    }

    static void delete(Live live, String path, Consumer<Code> answer) {
        live.zooKeeper().delete(path, -1, (rc, at, context) -> answer.accept(Code.get(rc)), null);
    }

    /** What the connection did, not the request. */
    static boolean isPassing(Code code) {
        return switch (code) {
            case CONNECTIONLOSS, OPERATIONTIMEOUT, SESSIONEXPIRED, SESSIONMOVED, REQUESTTIMEOUT -> true;
            default -> false;
        };
    }

    private static String text(byte @Nullable [] data) {
        return data == null ? "" : new String(data, StandardCharsets.UTF_8);
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }
}
