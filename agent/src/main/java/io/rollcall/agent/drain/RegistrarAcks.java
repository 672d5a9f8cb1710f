package io.rollcall.agent.drain;

import io.rollcall.agent.loop.Loop;
import io.rollcall.registry.Ack;
import io.rollcall.registry.AckCodec;
import io.rollcall.registry.MalformedNodeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the backends' own registrars say of the orders given to them. Confined to a loop. */
final class RegistrarAcks {
    /**
     * What one said.
     *
     * @param askedAt when it was asked for, in nanoseconds: it held then or later
     */
    record Said(Ack ack, long askedAt) {}

    private static final Logger LOG = LoggerFactory.getLogger(RegistrarAcks.class);

    /** A second look beside the events, which tell of each change: so that what was read is young enough to be believed. */
    private static final long ASK_EVERY = Duration.ofMillis(200).toNanos();

    private final CuratorFramework client;
    private final Loop loop;
    private final LongSupplier clock;
    private final Map<String, Said> said = new HashMap<>();
    private final Map<String, Long> asked = new HashMap<>();
    private final Set<String> underWay = new HashSet<>();

    RegistrarAcks(CuratorFramework client, Loop loop, LongSupplier clock) {
        this.client = client;
        this.loop = loop;
        this.clock = clock;
    }

    /** What the registrar said of the order at {@code path}; asks again if that is old. */
    Optional<Said> of(String path) {
        long now = clock.getAsLong();
        Long last = asked.get(path);
        if (last == null || now - last > ASK_EVERY) {
            ask(path);
        }
        return Optional.ofNullable(said.get(path));
    }

    void changed(String path) {
        if (asked.containsKey(path)) {
            ask(path);
        }
    }

    /** The orders that there are; what was said of others is forgotten. */
    void keep(Set<String> paths) {
        said.keySet().retainAll(paths);
        asked.keySet().retainAll(paths);
    }

    private void ask(String path) {
        if (!underWay.add(path)) {
            return;
        }
        long at = clock.getAsLong();
        asked.put(path, at);
        try {
            client.getData()
                    .inBackground((ignored, event) -> loop.run(() -> answered(path, at, event)))
                    .forPath(path + "/" + Ack.REGISTRAR);
        } catch (Exception e) {
            LOG.debug("{} could not be asked for", path, e);
            underWay.remove(path);
        }
    }

    private void answered(String path, long at, CuratorEvent event) {
        underWay.remove(path);
        said.remove(path);
        if (event.getResultCode() == Code.OK.intValue() && asked.containsKey(path)) {
            try {
                said.put(path, new Said(AckCodec.decode(event.getData()), at));
            } catch (MalformedNodeException e) {
                LOG.debug("{} is no ack: {}", path, e.getMessage());
            }
        }
    }
}
