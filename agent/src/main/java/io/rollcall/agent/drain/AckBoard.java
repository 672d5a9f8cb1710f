package io.rollcall.agent.drain;

import io.rollcall.agent.loop.Loop;
import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this agent's acks in the registry what they should be: ephemeral, in this session, written anew when they are gone. Confined
 * to a loop; one write per ack is under way at a time, and what changed meanwhile goes with the next.
 */
final class AckBoard {
    private static final Logger LOG = LoggerFactory.getLogger(AckBoard.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** A new stage is written at once; that less is open, so often only. */
    private static final long PROGRESS_EVERY = Duration.ofMillis(500).toNanos();

    private static final class Slot {
        private final String path; // of the order
        private Ack wanted;
        private @Nullable Ack written; // in this session
        private long writtenAt;
        private boolean underWay;
        private boolean deleted; // while a write was under way: before or after it
        private boolean gone;
        private boolean due;

        Slot(String path, Ack wanted) {
            this.path = path;
            this.wanted = wanted;
        }
    }

    private final CuratorFramework client;
    private final Loop loop;
    private final LongSupplier clock;
    private final Map<String, Slot> slots = new HashMap<>();
    private String agent = "";
    private long session; // counts them: an answer to a write of an earlier one tells nothing

    AckBoard(CuratorFramework client, Loop loop, LongSupplier clock) {
        this.client = client;
        this.loop = loop;
        this.clock = clock;
    }

    /** The agent is known on a new connection, under this id: whatever was written may be gone. */
    void connected(String agentId) {
        agent = agentId;
        session++;
        for (Slot slot : slots.values()) {
            slot.written = null;
            slot.underWay = false;
            slot.deleted = false;
            slot.gone = false;
            write(slot);
        }
    }

    /** The agent is not known: nothing is written until it is. */
    void disconnected() {
        agent = "";
    }

    /** Somebody deleted this agent's ack of the order at {@code path}, or the agent itself, to write it anew. */
    void deleted(String path) {
        Slot slot = slots.get(path);
        if (slot != null && slot.underWay) {
            slot.deleted = true;
        } else if (slot != null) {
            slot.written = null;
            write(slot);
        }
    }

    void put(String path, Ack ack) {
        Slot slot = slots.computeIfAbsent(path, key -> new Slot(path, ack));
        if (slot.gone && !slot.wanted.quotes(ack.czxid(), ack.mzxid())) {
            slot.gone = false;
        }
        slot.wanted = ack;
        write(slot);
    }

    /** The orders that there are; acks of others are forgotten. */
    void keep(Set<String> paths) {
        slots.keySet().retainAll(paths);
    }

    private void write(Slot slot) {
        Ack before = slot.written;
        if (agent.isEmpty() || slot.underWay || slot.gone || slot.wanted.equals(before)) {
            return;
        }
        boolean progress = before != null
                && before.stage() == slot.wanted.stage()
                && before.quotes(slot.wanted.czxid(), slot.wanted.mzxid());
        long wait = progress ? slot.writtenAt + PROGRESS_EVERY - clock.getAsLong() : 0;
        if (wait > 0) {
            later(slot, wait);
            return;
        }
        Ack ack = slot.wanted;
        byte[] data = AckCodec.encode(ack);
        slot.underWay = true;
        String path = slot.path + "/" + agent;
        if (before == null) {
            create(slot, ack, path, data);
        } else {
            long asked = session;
            ask(
                    slot,
                    () -> client.setData()
                            .inBackground((ignored, event) -> loop.run(() -> answered(asked, slot, ack, code(event))))
                            .forPath(path, data));
        }
    }

    private void later(Slot slot, long wait) {
        if (!slot.due) {
            slot.due = true;
            loop.after(Duration.ofNanos(wait), () -> {
                slot.due = false;
                write(slot);
            });
        }
    }

    private void create(Slot slot, Ack ack, String path, byte[] data) {
        long asked = session;
        ask(
                slot,
                () -> client.create()
                        .withMode(CreateMode.EPHEMERAL)
                        .inBackground((ignored, event) -> loop.run(() -> {
                            if (code(event) == Code.NODEEXISTS) {
                                whose(asked, slot, ack, path, data);
                            } else {
                                answered(asked, slot, ack, code(event));
                            }
                        }))
                        .forPath(path, data));
    }

    /** One of this agent's earlier sessions may have left it: it would go with that. */
    private void whose(long asked, Slot slot, Ack ack, String path, byte[] data) {
        ask(
                slot,
                () -> client.checkExists()
                        .inBackground((ignored, event) -> loop.run(() -> {
                            if (asked != session || event.getStat() == null) {
                                answered(asked, slot, ack, Code.CONNECTIONLOSS);
                            } else if (event.getStat().getEphemeralOwner() == sessionId()) {
                                overwrite(asked, slot, ack, path, data);
                            } else {
                                replace(asked, slot, ack, path, data);
                            }
                        }))
                        .forPath(path));
    }

    private void overwrite(long asked, Slot slot, Ack ack, String path, byte[] data) {
        ask(
                slot,
                () -> client.setData()
                        .inBackground((ignored, event) -> loop.run(() -> answered(asked, slot, ack, anew(event))))
                        .forPath(path, data));
    }

    private void replace(long asked, Slot slot, Ack ack, String path, byte[] data) {
        ask(
                slot,
                () -> client.transaction()
                        .inBackground((ignored, event) -> loop.run(() -> answered(asked, slot, ack, anew(event))))
                        .forOperations(
                                client.transactionOp().delete().forPath(path),
                                client.transactionOp()
                                        .create()
                                        .withMode(CreateMode.EPHEMERAL)
                                        .forPath(path, data)));
    }

    private void answered(long asked, Slot slot, Ack ack, Code code) {
        if (asked != session) {
            return;
        }
        slot.underWay = false;
        if (code == Code.OK) {
            slot.written = slot.deleted ? null : ack;
            slot.deleted = false;
            slot.writtenAt = clock.getAsLong();
            write(slot);
        } else if (code == Code.NONODE && slot.written == null) {
            slot.gone = true; // the order is: there is nothing to acknowledge any more
        } else if (code == Code.NONODE) {
            slot.written = null; // the ack is, or the order
            write(slot);
        } else {
            if (code == Code.NOAUTH) {
                LOG.error(
                        "The ack of the order {} may not be written (expected: CREATE on it for agents); whoever waits for this agent waits in vain",
                        slot.path);
            } else {
                LOG.debug("The ack in {} was not written: {}", slot.path, code);
            }
            again(asked, slot);
        }
    }

    private void again(long asked, Slot slot) {
        loop.after(RETRY, () -> {
            if (asked == session && !slot.underWay) {
                slot.written = null;
                write(slot);
            }
        });
    }

    private interface Question {
        void ask() throws Exception;
    }

    private void ask(Slot slot, Question question) {
        long asked = session;
        try {
            question.ask();
        } catch (Exception e) {
            LOG.debug("The ack in {} could not be written", slot.path, e);
            loop.run(() -> answered(asked, slot, slot.wanted, Code.CONNECTIONLOSS));
        }
    }

    private long sessionId() {
        try {
            return client.getZookeeperClient().getZooKeeper().getSessionId();
        } catch (Exception e) {
            LOG.debug("No session", e);
            return -1;
        }
    }

    /** It went meanwhile: that is to be tried anew, and does not say that the order is gone. */
    private static Code anew(CuratorEvent event) {
        return code(event) == Code.NONODE ? Code.CONNECTIONLOSS : code(event);
    }

    private static Code code(CuratorEvent event) {
        return Code.get(event.getResultCode());
    }
}
