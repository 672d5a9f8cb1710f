package io.rollcall.agent;

import io.rollcall.agent.admin.AdminSocket;
import io.rollcall.agent.admin.AgentStatus;
import io.rollcall.agent.admin.Commands;
import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.drain.DrainSettings;
import io.rollcall.agent.drain.Drains;
import io.rollcall.agent.drain.RequestEvidence;
import io.rollcall.agent.embedded.EmbeddedZooKeeper;
import io.rollcall.agent.health.Health;
import io.rollcall.agent.journal.Event;
import io.rollcall.agent.journal.Journal;
import io.rollcall.agent.logs.RequestLogs;
import io.rollcall.agent.loop.Loop;
import io.rollcall.agent.presence.Presence;
import io.rollcall.agent.publish.Reloads;
import io.rollcall.agent.publish.Snapshot;
import io.rollcall.agent.publish.SnapshotFile;
import io.rollcall.agent.publish.Spare;
import io.rollcall.agent.publish.WorkersConf;
import io.rollcall.agent.session.Connection;
import io.rollcall.agent.traffic.Traffic;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.agent.watch.TreeWatch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.WatchedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon beside httpd: watches the registry, judges what it says, publishes maps. The only class that knows all the parts.
 */
public final class Agent implements AutoCloseable, Commands.Target {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private static final Duration KEEP_MAPS = Duration.ofSeconds(1);
    private static final Duration STAY_ALERT = Duration.ofSeconds(10);

    private final AgentConfig config;
    private final Instant startedAt = Instant.now();
    private final Optional<Facts> restored;
    private final Connection connection;
    private final Presence presence;
    private final TreeWatch<Node, Roll> services;
    private final TreeWatch<OrderNode, Orders> orders;
    private final Journal journal;
    private final Loop writing = new Loop("rollcall-journal");
    private final Spare spare;
    private final Loop reloading = new Loop("rollcall-reload");
    private final Health health;
    private final Judge judge;
    private final Traffic traffic;
    private final PublishLoop loop;
    private final Optional<RequestLogs> requestLogs;
    private final Drains drains;
    private volatile Optional<Facts> facts = Optional.empty(); // by the publishing thread
    private volatile boolean away = true;
    private @Nullable EmbeddedZooKeeper embedded;
    private @Nullable AdminSocket admin;

    public Agent(AgentConfig config) {
        this.config = config;
        SnapshotFile snapshots = new SnapshotFile(config.stateDir().resolve("snapshot.json"));
        this.spare = new Spare(config.mapsDir(), config.stateDir());
        spare.putBack(); // httpd need not wait for all that follows
        Optional<Snapshot> start = snapshots.restore();
        this.restored = start.map(Snapshot::facts);
        this.connection = new Connection(config.zookeeper(), config.sessionTimeout());
        this.journal = Journal.open(config.stateDir().resolve("events.log"), Journal.MOST_BYTES);
        this.health = new Health(config.health(), System::nanoTime, new SplittableRandom(), this::rejudge);
        this.traffic = new Traffic(
                config.health().eject().statuses(), new OnTraffic(), System::nanoTime, InstantSource.system());
        this.judge = new Judge(config, health, restored, this::note, System::nanoTime);
        WorkersConf workers = new WorkersConf(
                config.workersMax(),
                config.workersTtl(),
                traffic.declared()::version,
                traffic::tries,
                System::nanoTime);
        this.loop = new PublishLoop(config, snapshots, start, this::facts, new OnPublication(), workers, judge);
        CuratorFramework client = connection.client();
        Facts before = restored.orElse(Facts.NONE);
        this.services = new TreeWatch<>(
                client,
                Roll.subject(config.paths()),
                config.reconcileEvery(),
                before.roll().services(),
                loop::changed);
        this.orders = new TreeWatch<>(
                client,
                Orders.subject(config.paths()),
                config.reconcileEvery(),
                before.orders().services(),
                new OnOrders());
        this.requestLogs = config.httpdLogs().isEmpty()
                ? Optional.empty()
                : Optional.of(RequestLogs.of(
                        config.httpdLogs(),
                        config.drain().httpdUser().uid(),
                        config.stateDir().resolve("requests.json"),
                        traffic::ended));
        this.drains = new Drains(
                client,
                config.paths(),
                loop::settle,
                new DrainSettings(
                        requestLogs.<RequestEvidence>map(logs -> logs).orElse(RequestEvidence.OFF),
                        config.drain().httpdUser(),
                        config.drain().grace()));
        this.presence = new Presence(client, config.paths(), config.stateDir(), new OnPresence());
        connection.listen(services::connection);
        connection.listen(presence::connection);
    }

    /** The socket comes first: a second agent by mistake ends there, before it touches the maps of the first. */
    public void start() throws IOException, InterruptedException {
        admin = AdminSocket.open(config.socket(), new Commands(this));
        // Before the maps, which may be what an httpd waits for to start.
        requestLogs.ifPresent(RequestLogs::start);
        loop.start();
        if (config.embedded().isPresent()) {
            embedded = new EmbeddedZooKeeper(config.embedded().get());
            embedded.start();
        }
        writing.every(KEEP_MAPS, spare::keep);
        writing.every(STAY_ALERT, this::stayAlert);
        health.start();
        drains.start();
        config.reload().ifPresent(this::reload);
        services.start();
        orders.start();
        presence.start();
        connection.start();
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
                connection.status(),
                presence.status(),
                services.status(),
                orders.status(),
                loop.status(),
                drains.reports(),
                health.status(judge.held()),
                traffic.reports(),
                traffic.declared().report(),
                requestLogs.map(RequestLogs::status));
    }

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public boolean forget(String name) throws InterruptedException {
        return loop.forget(name);
    }

    @Override
    public void close() throws IOException {
        services.close();
        orders.close();
        presence.close();
        drains.close();
        if (requestLogs.isPresent()) {
            requestLogs.get().close();
        }
        connection.close();
        health.close();
        loop.close();
        writing.run(spare::keep);
        writing.close(Duration.ofSeconds(2));
        reloading.close(Duration.ofSeconds(2));
        if (embedded != null) {
            embedded.close();
        }
        if (admin != null) {
            admin.close();
        }
    }

    /**
     * What the registry says, as of the last moment at which the agent was known there and had read the orders. What is read while
     * it is not known is not believed yet: whoever drains does not count on this agent then.
     */
    private Optional<Facts> facts() {
        if (presence.known() && orders.current()) {
            Optional<Facts> read =
                    services.value().flatMap(roll -> orders.value().map(all -> new Facts(roll, all)));
            facts = read.isPresent() ? read : facts;
        }
        return facts;
    }

    /** A condition changed: not before all is made, for health is started after that. */
    private void rejudge() {
        loop.changed();
    }

    private void reload(AgentConfig.Reload reload) {
        Reloads reloads = new Reloads(config.mapsDir(), reload.command(), reload.every(), System::nanoTime);
        reloading.every(Duration.ofSeconds(1), reloads::look);
    }

    private void note(List<Event> events) {
        if (!events.isEmpty()) {
            writing.run(() -> journal.add(events));
        }
    }

    /** Only probes tell who is gone while the registry cannot. */
    private void stayAlert() {
        if (away || !judge.held().isEmpty()) {
            health.alarm();
        }
    }

    private String source() {
        return facts.isPresent() ? "registry" : restored.isPresent() ? "snapshot" : "nothing";
    }

    private final class OnOrders implements TreeWatch.Listener {
        @Override
        public void changed() {
            loop.changed();
        }

        @Override
        public void below(WatchedEvent event) {
            drains.below(event);
        }
    }

    /** The orders are read once the agent is known, and not before. */
    private final class OnPresence implements Presence.Listener {
        @Override
        public void away(ConnectionState state) {
            if (!state.isConnected()) {
                away = true;
                health.alarm();
                orders.connection(state);
                drains.disconnected();
            }
        }

        @Override
        public void known() {
            away = false;
            orders.connection(ConnectionState.RECONNECTED);
            drains.connected(presence.status().id());
        }
    }

    private final class OnTraffic implements Traffic.Suspicions {
        @Override
        public void connectFailed(String serviceKey, String target) {
            health.suspect(loop.view().candidates(serviceKey, target));
        }

        @Override
        public void burst(String serviceKey, String target, String what) {
            health.burst(loop.view().candidates(serviceKey, target), what);
        }
    }

    private final class OnPublication implements PublishLoop.Listener {
        @Override
        public void published(View view, long nanos) {
            drains.published(view, nanos);
        }

        @Override
        public void failed(View view, String why) {
            drains.unpublished(view, why);
        }
    }
}
