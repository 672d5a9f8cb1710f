package io.rollcall.drain;

import io.rollcall.registry.Ack;
import io.rollcall.registry.Ack.Evidence;
import io.rollcall.registry.Ack.Stage;
import io.rollcall.registry.AckCodec;
import io.rollcall.registry.Paths;
import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Says what an agent would say, when the test wants it; in a session of its own, so that it can go. */
public final class FakeAgent implements AutoCloseable {
    static final Paths PATHS = new Paths(Paths.DEFAULT_ROOT);

    private final Tree tree;
    private final String id;

    /** Comes, and is connected until it is closed. */
    public FakeAgent(String connect, String id) throws Exception {
        this.tree = new Tree(connect);
        this.id = id;
        tree.put(PATHS.agent(id), "{\"host\":\"" + id + ".example.com\"}");
        tree.zooKeeper.create(PATHS.agentLive(id), new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    }

    public void ack(String service, String backend, Stage stage) throws Exception {
        ack(service, backend, stage, Evidence.CONNECTIONS, 0, "");
    }

    /** Quotes the order as it is now. */
    public void ack(String service, String backend, Stage stage, Evidence evidence, long open, String detail)
            throws Exception {
        ack(id, service, backend, stage, evidence, open, detail);
    }

    /** Speaks as the backend's own registrar. */
    void ackAsRegistrar(String service, String backend, long open) throws Exception {
        Stage stage = open == 0 ? Stage.QUIET : Stage.SWITCHED;
        ack(Ack.REGISTRAR, service, backend, stage, Evidence.REGISTRAR, open, "");
    }

    private void ack(
            String as, String service, String backend, Stage stage, Evidence evidence, long open, String detail)
            throws Exception {
        String order = PATHS.order(service, backend);
        Stat stat = tree.zooKeeper.exists(order, false);
        byte[] data = AckCodec.encode(
                new Ack(stat.getCzxid(), stat.getMzxid(), stage, evidence, open, detail, "2026-11-22T14:00:00Z"));
        ZooKeeper zooKeeper = tree.zooKeeper;
        try {
            zooKeeper.setData(order + "/" + as, data, -1);
        } catch (KeeperException.NoNodeException e) {
            zooKeeper.create(order + "/" + as, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        }
    }

    static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        tree.close();
    }
}
