package io.rollcall.registrar;

import io.rollcall.registry.Instance;
import io.rollcall.registry.InstanceCodec;
import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.Paths;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** The registry as a reader sees it: of each id the youngest node. A plain ZooKeeper client, so that it fails apart from what it watches. */
final class Tree implements AutoCloseable {
    private static final Paths PATHS = new Paths(Paths.DEFAULT_ROOT);

    final ZooKeeper zooKeeper;

    Tree(String connect) throws IOException, InterruptedException {
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

    /** Names of the nodes of a service, sorted; none if there is no such service. */
    List<String> nodes(String service) throws KeeperException, InterruptedException {
        try {
            return zooKeeper.getChildren(PATHS.service(service), false).stream()
                    .sorted()
                    .toList();
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        }
    }

    /**
     * What counts: id to the youngest node's instance. Read anew if a node went after its name was read, as its successor may have
     * come after that too.
     */
    Map<String, Instance> present(String service) throws KeeperException, InterruptedException {
        while (true) {
            try {
                return read(service);
            } catch (KeeperException.NoNodeException e) {
                // gone since the names were read
            }
        }
    }

    private Map<String, Instance> read(String service) throws KeeperException, InterruptedException {
        Map<String, Long> youngest = new TreeMap<>();
        Map<String, Instance> present = new TreeMap<>();
        for (String name : nodes(service)) {
            Stat stat = new Stat();
            byte[] data = zooKeeper.getData(PATHS.node(service, name), false, stat);
            try {
                Instance instance = InstanceCodec.decode(service, name, data);
                if (stat.getCzxid() > youngest.getOrDefault(instance.id(), -1L)) {
                    youngest.put(instance.id(), stat.getCzxid());
                    present.put(instance.id(), instance);
                }
            } catch (MalformedNodeException e) {
                throw new AssertionError(e);
            }
        }
        return present;
    }

    /** Ends somebody else's session, as the server does when it times out. */
    static void expire(String connect, long session) throws IOException, InterruptedException {
        byte[] password = new byte[16];
        new Random(session ^ 0xB3415C00L).nextBytes(password); // as ZooKeeper's server makes them
        CountDownLatch taken = new CountDownLatch(1);
        ZooKeeper thief = new ZooKeeper(
                connect,
                30_000,
                event -> {
                    if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                        taken.countDown();
                    }
                },
                session,
                password);
        if (!taken.await(30, TimeUnit.SECONDS)) {
            throw new IOException("session 0x" + Long.toHexString(session) + " could not be taken over");
        }
        thief.close();
    }

    long owner(String service, String node) throws KeeperException, InterruptedException {
        Stat stat = zooKeeper.exists(PATHS.node(service, node), false);
        return stat == null ? 0 : stat.getEphemeralOwner();
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
