package io.rollcall.deploy.soak;

import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.Order;
import io.rollcall.registry.OrderCodec;
import io.rollcall.registry.Paths;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Orders and acks as plain znodes, for what the commands do not offer: to drain and not wait, and to see when each agent is how far. */
final class Orders implements AutoCloseable {
    private final ZooKeeper session;
    private final Paths paths = new Paths(Paths.DEFAULT_ROOT);
    private long events; // guarded by this

    Orders(String connect) throws IOException, InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        this.session = new ZooKeeper(connect, 10_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
            happened();
        });
        if (!connected.await(20, TimeUnit.SECONDS)) {
            close();
            throw new IOException("no connection to ZooKeeper at " + connect);
        }
    }

    /** Sends nothing new to the backend. */
    void drain(String service, String id) throws InterruptedException, KeeperException {
        Order order = new Order(Order.Action.DRAIN, "", "", List.of(), "deploy/soak", "", Order.DEFAULT_DEADLINE);
        for (String parent : List.of(paths.orders(), paths.orders(service))) {
            // Asked first: to be refused takes the servers as long as to create.
            if (session.exists(parent, false) == null) {
                try {
                    create(parent, new byte[0]);
                } catch (KeeperException.NodeExistsException e) {
                    // so much the better
                }
            }
        }
        create(paths.order(service, id), OrderCodec.encode(order));
    }

    private void create(String path, byte[] data) throws InterruptedException, KeeperException {
        session.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    /** The order as it stands. */
    Optional<Order> order(String service, String id) throws InterruptedException, KeeperException {
        try {
            return Optional.of(OrderCodec.decode(session.getData(paths.order(service, id), false, null)));
        } catch (KeeperException.NoNodeException | MalformedNodeException e) {
            return Optional.empty();
        }
    }

    /** What the agents, and the backend's registrar if it is {@code own}, said to the order as it stands. */
    List<Ack> acks(String service, String id, boolean own) throws InterruptedException, KeeperException {
        List<Ack> acks = new ArrayList<>();
        String path = paths.order(service, id);
        try {
            Stat stat = new Stat();
            session.getData(path, true, stat);
            for (String name : session.getChildren(path, true)) {
                if (name.equals(Ack.REGISTRAR) == own) {
                    Ack ack = AckCodec.decode(session.getData(path + "/" + name, true, null));
                    if (ack.quotes(stat.getCzxid(), stat.getMzxid())) {
                        acks.add(ack);
                    }
                }
            }
        } catch (KeeperException.NoNodeException | MalformedNodeException e) {
            return List.of(); // it changes just now
        }
        return acks;
    }

    /** Waits until so many agents are so far; when that was seen, by {@link System#nanoTime}. */
    long await(String service, String id, Ack.Stage stage, int agents, Duration limit)
            throws IOException, InterruptedException, KeeperException {
        long begin = System.nanoTime();
        while (true) {
            long seen = events();
            List<Ack> acks = acks(service, id, false);
            long now = System.nanoTime();
            if (acks.stream().filter(ack -> ack.stage().atLeast(stage)).count() >= agents) {
                return now;
            }
            if (now - begin > limit.toNanos()) {
                throw new IOException(
                        service + "/" + id + ": not " + stage + " by all agents after " + limit + ": " + acks);
            }
            awaitEventAfter(seen);
        }
    }

    private synchronized long events() {
        return events;
    }

    private synchronized void happened() {
        events++;
        notifyAll();
    }

    /** For a second at most: what was decoded in the middle of a change sets no watch. */
    private synchronized void awaitEventAfter(long seen) throws InterruptedException {
        long begin = System.nanoTime();
        long rest = 1_000;
        while (events == seen && rest > 0) {
            wait(rest);
            rest = 1_000 - (System.nanoTime() - begin) / 1_000_000;
        }
    }

    /** Takes an order back, with its acks; agents may be doing the same. */
    void remove(String service, String id) throws InterruptedException, KeeperException {
        String path = paths.order(service, id);
        while (true) {
            try {
                for (String name : session.getChildren(path, false)) {
                    session.delete(path + "/" + name, -1);
                }
                session.delete(path, -1);
                return;
            } catch (KeeperException.NotEmptyException e) {
                Thread.onSpinWait(); // an ack came in between
            } catch (KeeperException.NoNodeException e) {
                if (session.exists(path, false) == null) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
