package io.rollcall.agent.register;

import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import io.rollcall.registry.Paths;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** An agent {@code web-1} that says what the test wants it to say, and is forgotten at its end. */
final class Watcher implements AutoCloseable {
    private static final Paths PATHS = new Paths(Paths.DEFAULT_ROOT);

    private final ZooKeeper zooKeeper;

    Watcher(String connect) throws IOException, InterruptedException, KeeperException {
        CountDownLatch connected = new CountDownLatch(1);
        zooKeeper = new ZooKeeper(connect, 30_000, event -> connected.countDown());
        if (!connected.await(30, TimeUnit.SECONDS)) {
            throw new IOException("no connection to " + connect);
        }
        for (String path : List.of(PATHS.root(), PATHS.agents(), PATHS.agent("web-1"))) {
            if (zooKeeper.exists(path, false) == null) {
                zooKeeper.create(path, new byte[] {'{', '}'}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
        }
        zooKeeper.create(PATHS.agentLive("web-1"), new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    }

    void sayQuiet(String backend) throws KeeperException, InterruptedException {
        String order = PATHS.order(Wrapper.SERVICE, backend);
        Stat stat = zooKeeper.exists(order, false);
        Ack ack = new Ack(stat.getCzxid(), stat.getMzxid(), Ack.Stage.QUIET, Ack.Evidence.CONNECTIONS, 0, "", "");
        zooKeeper.create(order + "/web-1", AckCodec.encode(ack), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
    }

    @Override
    public void close() throws KeeperException {
        try {
            ZKUtil.deleteRecursive(zooKeeper, PATHS.agents());
            zooKeeper.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
