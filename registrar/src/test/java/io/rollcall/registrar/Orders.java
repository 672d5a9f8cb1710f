package io.rollcall.registrar;

import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.Order;
import io.rollcall.registry.OrderCodec;
import io.rollcall.registry.Paths;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.Stat;

/** Writes orders to one backend as a monitor does, and reads what the backend's registrar says to them. */
final class Orders {
    private final Tree tree;
    private final String path;

    Orders(Tree tree, String service, String id) {
        this.tree = tree;
        this.path = new Paths(Paths.DEFAULT_ROOT).order(service, id);
    }

    static Order order(Order.Action action, String incarnation) {
        return new Order(action, incarnation, "", List.of(), "a test", "", Order.DEFAULT_DEADLINE);
    }

    static Order drain(String incarnation) {
        return order(Order.Action.DRAIN, incarnation);
    }

    String path() {
        return path;
    }

    String ackPath() {
        return path + "/" + Ack.REGISTRAR;
    }

    void write(Order order) throws KeeperException, InterruptedException {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            create(path.substring(0, slash), new byte[0]);
        }
        if (!create(path, OrderCodec.encode(order))) {
            tree.zooKeeper.setData(path, OrderCodec.encode(order), -1);
        }
    }

    private boolean create(String at, byte[] data) throws KeeperException, InterruptedException {
        try {
            tree.zooKeeper.create(at, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            return true;
        } catch (KeeperException.NodeExistsException e) {
            return false;
        }
    }

    /** With what has been said to it. */
    void cancel() throws KeeperException, InterruptedException {
        org.apache.zookeeper.ZKUtil.deleteRecursive(tree.zooKeeper, path);
    }

    Stat stat() throws KeeperException, InterruptedException {
        return tree.zooKeeper.exists(path, false);
    }

    /** What the registrar says, if it says it of the order as it is now. */
    Optional<Ack> ack() throws KeeperException, InterruptedException, MalformedNodeException {
        Stat order = stat();
        try {
            Ack ack = AckCodec.decode(tree.zooKeeper.getData(ackPath(), false, null));
            return Optional.of(ack).filter(it -> it.quotes(order.getCzxid(), order.getMzxid()));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    Optional<Ack.Stage> stage() throws KeeperException, InterruptedException, MalformedNodeException {
        return ack().map(Ack::stage);
    }

    Optional<Long> open() throws KeeperException, InterruptedException, MalformedNodeException {
        return ack().map(Ack::open);
    }
}
