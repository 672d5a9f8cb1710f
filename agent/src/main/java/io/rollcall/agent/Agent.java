package io.rollcall.agent;

import io.rollcall.agent.admin.AdminSocket;
import io.rollcall.agent.admin.AgentStatus;
import io.rollcall.agent.admin.Commands;
import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.embedded.EmbeddedZooKeeper;
import io.rollcall.agent.publish.Snapshot;
import io.rollcall.agent.publish.SnapshotFile;
import io.rollcall.agent.watch.RegistryWatch;
import io.rollcall.agent.watch.Roll;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon beside httpd: watches the registry, judges what it says, publishes maps. The only class that knows all the parts.
 */
public final class Agent implements AutoCloseable, Commands.Target {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private final AgentConfig config;
    private final Instant startedAt = Instant.now();
    private final Optional<Roll> restored;
    private final PublishLoop loop;
    private final RegistryWatch watch;
    private @Nullable EmbeddedZooKeeper embedded;
    private @Nullable AdminSocket admin;

    public Agent(AgentConfig config) {
        this.config = config;
        SnapshotFile snapshots = new SnapshotFile(config.stateDir().resolve("snapshot.json"));
        Optional<Snapshot> start = restore(snapshots);
        this.restored = start.map(Snapshot::roll);
        this.loop = new PublishLoop(config, snapshots, start, this::facts);
        this.watch = new RegistryWatch(
                config.zookeeper(),
                config.paths(),
                config.sessionTimeout(),
                config.reconcileEvery(),
                restored,
                loop::changed);
    }

    /** The socket comes first: a second agent by mistake ends there, before it touches the maps of the first. */
    public void start() throws IOException, InterruptedException {
        admin = AdminSocket.open(config.socket(), new Commands(this));
        loop.start();
        if (config.embedded().isPresent()) {
            embedded = new EmbeddedZooKeeper(config.embedded().get());
            embedded.start();
        }
        watch.start();
        LOG.info("Agent started: ZooKeeper {}, maps in {}", config.zookeeper(), config.mapsDir());
    }

    @Override
    public AgentStatus status() {
        return new AgentStatus(
                startedAt,
                config.zookeeper() + config.paths().root(),
                config.mapsDir().toString(),
                source(),
                loop.view(),
                watch.status(),
                loop.status());
    }

    @Override
    public boolean forget(String name) throws InterruptedException {
        return loop.forget(name);
    }

    @Override
    public void close() throws IOException {
        watch.close();
        loop.close();
        if (embedded != null) {
            embedded.close();
        }
        if (admin != null) {
            admin.close();
        }
    }

    private Optional<Roll> facts() {
        return watch.roll();
    }

    private String source() {
        return watch.status().complete() ? "registry" : restored.isPresent() ? "snapshot" : "nothing";
    }

    private static Optional<Snapshot> restore(SnapshotFile snapshots) {
        try {
            Optional<Snapshot> snapshot = snapshots.read();
            snapshot.ifPresent(read -> LOG.info(
                    "Going on from the snapshot: {} backends", read.roll().size()));
            return snapshot;
        } catch (SnapshotFile.CorruptException e) {
            LOG.error("Snapshot: {}; the maps stay as they are until the registry is read", e.getMessage());
            setAside(snapshots);
        } catch (IOException e) {
            LOG.error("Snapshot: {}; the maps stay as they are until the registry is read", e.toString());
        }
        return Optional.empty();
    }

    private static void setAside(SnapshotFile snapshots) {
        try {
            Path aside = snapshots.setAside();
            LOG.error("The damaged snapshot is kept as {}", aside);
        } catch (IOException e) {
            LOG.warn("The damaged snapshot could not be set aside: {}", e.toString());
        }
    }
}
