package io.rollcall.drain;

import io.rollcall.registry.Instance;
import io.rollcall.registry.InstanceCodec;
import io.rollcall.registry.Order;
import io.rollcall.registry.OrderCodec;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** Writes what backends write, and reads what others did. */
final class Tree implements AutoCloseable {
    static final Paths PATHS = new Paths(Paths.DEFAULT_ROOT);

    final ZooKeeper zooKeeper;

    Tree(String connect) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        zooKeeper = new ZooKeeper(connect, 30_000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(30, TimeUnit.SECONDS)) {
            throw new IOException("no connection to " + connect);
        }
    }

    /** A backend that is up; its version is its incarnation's name. */
    void backend(String service, String id, String incarnation, int port) throws Exception {
        backend(service, id, incarnation, port, State.UP);
    }

    void backend(String service, String id, String incarnation, int port, State state) throws Exception {
        String node = id + "~" + incarnation;
        Instance instance = new Instance(
                service, id, "10.0.0.5", port, "http", "", state, 1, incarnation, incarnation, "", 0, Map.of());
        put(PATHS.node(service, node), FakeAgent.text(InstanceCodec.encode(instance, node)));
    }

    void put(String path, String data) throws Exception {
        String parent = path.substring(0, path.lastIndexOf('/'));
        if (!parent.isEmpty() && zooKeeper.exists(parent, false) == null) {
            put(parent, "");
        }
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        try {
            zooKeeper.create(path, bytes, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException e) {
            zooKeeper.setData(path, bytes, -1);
        }
    }

    void order(String service, String id, Order order) throws Exception {
        put(PATHS.order(service, id), FakeAgent.text(OrderCodec.encode(order)));
    }

    Optional<Order> order(String service, String id) throws Exception {
        try {
            return Optional.of(OrderCodec.decode(zooKeeper.getData(PATHS.order(service, id), false, null)));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    void delete(String path) throws Exception {
        List<String> children = zooKeeper.getChildren(path, false);
        for (String child : children) {
            delete(path + "/" + child);
        }
        zooKeeper.delete(path, -1);
    }

    @Override
    public void close() {
        try {
            zooKeeper.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
