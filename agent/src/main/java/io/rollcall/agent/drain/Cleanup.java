package io.rollcall.agent.drain;

import io.rollcall.agent.loop.Loop;
import io.rollcall.agent.view.Instruction.Whereabouts;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes orders that have nothing left to say: the process that they mean is gone, or their deadline is over. Any agent may; each
 * waits a little by chance, and only the very version that it judged is removed.
 */
final class Cleanup implements AutoCloseable {
    static final Duration EVERY = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);

    /** Another process has the id; the one that is meant may only be registering anew. */
    private static final Duration RESTARTED = Duration.ofSeconds(5);

    private static final Duration ABSENT = Duration.ofMinutes(10);
    private static final Duration JITTER = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** Since when a backend is where it is. */
    private record Stay(Whereabouts whereabouts, long since, long jitter) {}

    private final CuratorFramework client;
    private final Paths paths;
    private final LongSupplier clock;
    private final Map<OrderNode.Key, Stay> stays = new HashMap<>();
    private final Map<OrderNode.Key, Long> tried = new HashMap<>();

    /** Apart, because it waits for answers. */
    private final Loop loop = new Loop("rollcall-cleanup");

    Cleanup(CuratorFramework client, Paths paths, LongSupplier clock) {
        this.client = client;
        this.paths = paths;
        this.clock = clock;
    }

    /** What was seen before the connection was lost counts for nothing. */
    void startOver() {
        stays.clear();
    }

    void consider(Map<String, Duty> duties) {
        long now = clock.getAsLong();
        Set<OrderNode.Key> there = new HashSet<>();
        duties.forEach((path, duty) -> {
            OrderNode.Key key = duty.instruction().key();
            there.add(key);
            Optional<String> why = why(duty, now);
            Long last = tried.get(key);
            if (why.isPresent() && (last == null || now - last > RETRY.toNanos())) {
                tried.put(key, now);
                boolean late = !gone(duty.instruction().whereabouts());
                loop.run(() -> remove(path, duty.instruction().node(), why.get(), late));
            }
        });
        stays.keySet().retainAll(there);
        tried.keySet().retainAll(there);
    }

    @Override
    public void close() {
        loop.close(Duration.ZERO);
    }

    private Optional<String> why(Duty duty, long now) {
        Whereabouts whereabouts = duty.instruction().whereabouts();
        Stay stay = stays.merge(
                duty.instruction().key(),
                new Stay(whereabouts, now, ThreadLocalRandom.current().nextLong(JITTER.toNanos())),
                (old, fresh) -> old.whereabouts == whereabouts ? old : fresh);
        long waited = now - stay.since - stay.jitter;
        if (whereabouts == Whereabouts.RESTARTED && waited >= RESTARTED.toNanos()) {
            return Optional.of("another process has the id of the one that it means");
        }
        if (whereabouts == Whereabouts.ABSENT && waited >= ABSENT.toNanos()) {
            return Optional.of("the process that it means is gone for " + ABSENT.toMinutes() + " min");
        }
        Duration deadline = duty.instruction().order().deadline();
        return now - duty.firstSeen() - stay.jitter >= deadline.toNanos()
                ? Optional.of("its deadline of " + deadline.toSeconds() + " s is over")
                : Optional.empty();
    }

    private static boolean gone(Whereabouts whereabouts) {
        return whereabouts != Whereabouts.HERE;
    }

    /**
     * Removes an order.
     *
     * @param late only because it took too long: so not if it is carried out everywhere, for that would undo it
     */
    private void remove(String path, OrderNode node, String why, boolean late) {
        try {
            Stat stat = client.checkExists().forPath(path);
            boolean same = stat != null
                    && stat.getCzxid() == node.key().czxid()
                    && stat.getMzxid() == node.key().mzxid();
            if (!same) {
                return;
            }
            List<String> acks = client.getChildren().forPath(path);
            if (late && quietEverywhere(path, node.key(), acks)) {
                return;
            }
            List<CuratorOp> operations = new ArrayList<>();
            for (String ack : acks) {
                operations.add(client.transactionOp().delete().forPath(path + "/" + ack));
            }
            operations.add(
                    client.transactionOp().delete().withVersion(node.version()).forPath(path));
            client.transaction().forOperations(operations);
            LOG.info("Removed the order {}: {}", path, why);
        } catch (KeeperException.NoNodeException
                | KeeperException.NotEmptyException
                | KeeperException.BadVersionException e) {
            LOG.debug("Somebody else was at {}", path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("The order {} is to go ({}), but cannot be removed: {}", path, why, e.toString());
        }
    }

    private boolean quietEverywhere(String path, OrderNode.Key key, List<String> acks) throws Exception {
        List<String> agents = client.getChildren().forPath(paths.agents());
        if (acks.contains(Ack.REGISTRAR)) {
            Optional<Ack> registrar = ack(path + "/" + Ack.REGISTRAR, key);
            if (registrar.filter(ack -> ack.open() > 0).isPresent()) {
                return false;
            }
        }
        for (String agent : agents) {
            boolean quiet = acks.contains(agent)
                    && ack(path + "/" + agent, key)
                            .filter(ack -> ack.stage() == Ack.Stage.QUIET)
                            .isPresent();
            if (!quiet) {
                return false;
            }
        }
        return !agents.isEmpty();
    }

    private Optional<Ack> ack(String path, OrderNode.Key key) throws Exception {
        try {
            return Optional.of(AckCodec.decode(client.getData().forPath(path)))
                    .filter(ack -> ack.quotes(key.czxid(), key.mzxid()));
        } catch (MalformedNodeException | KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }
}
