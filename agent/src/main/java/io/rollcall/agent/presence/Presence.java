package io.rollcall.agent.presence;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.agent.files.DirectoryLock;
import io.rollcall.agent.loop.Loop;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Paths;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the agent known, on each connection before anything else is believed.
 *
 * <p>Why a drain can count on it: the agent writes its node before it reads the orders, in one session, and routes by the registry
 * only after it has read them. Whoever drains writes the order before listing the agents, in one session. Either the agent's node
 * was written first; then the list has it. Or the order was; then the agent's reading has it. So there is no agent that routes by
 * the registry, is not waited for, and does not know of the order.
 */
public final class Presence implements AutoCloseable {
    /** Who is told, on the presence's own thread. */
    public interface Listener {
        /** The connection is in another state, and the agent is not known on it. */
        void away(ConnectionState state);

        /** The agent is known on this connection. */
        void known();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How exact the node's age tells when the agent was last there. */
    private static final Duration REWRITE = Duration.ofMinutes(1);

    private static final String LOCK = ".lock";

    private final CuratorFramework client;
    private final Paths paths;
    private final Path dir;
    private final Listener listener;
    private final String token = UUID.randomUUID().toString();
    private final String since = now();
    private final Watcher watcher = this::event;
    private final Loop loop = new Loop("rollcall-presence");
    private final AtomicLong changes = new AtomicLong(); // of the connection

    private volatile PresenceStatus status = new PresenceStatus("", ""); // by the loop
    private volatile long knownOn = -1; // by the loop: since which of those changes the agent is known
    private boolean connected; // by the loop
    private boolean retrying; // by the loop
    private @Nullable DirectoryLock lock; // by the loop
    private String claimed = ""; // by the loop: the id, once it was this agent's

    /**
     * A presence that is not started yet.
     *
     * @param client shared, and not closed by this
     * @param dir the state directory, which keeps the agent's id
     */
    public Presence(CuratorFramework client, Paths paths, Path dir, Listener listener) {
        this.client = client;
        this.paths = paths;
        this.dir = dir;
        this.listener = listener;
    }

    public void start() {
        loop.every(REWRITE, this::enter);
    }

    /** The connection is in another state. To be told in the order in which it happened. */
    public void connection(ConnectionState state) {
        long change = changes.incrementAndGet();
        loop.run(() -> {
            connected = state.isConnected();
            listener.away(state);
            if (change == changes.get()) {
                enter();
            }
        });
    }

    /** Whether the agent is known on the connection that there is now, and so may route by what it reads there. */
    public boolean known() {
        return knownOn == changes.get();
    }

    public PresenceStatus status() {
        return status;
    }

    @Override
    public void close() {
        loop.close(Duration.ZERO);
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    /** Makes sure of everything; does no harm where all is well. */
    private void enter() {
        if (!connected) {
            return;
        }
        long change = changes.get();
        String problem;
        try {
            String id = identity();
            status = new PresenceStatus(id, status.problem());
            problem = ensure(id);
        } catch (ClosedByInterruptException e) {
            return; // this is being closed
        } catch (IOException e) {
            problem = dir + ": " + e + " (expected: a directory of this agent's own that it may write to)";
        } catch (KeeperException.NoAuthException e) {
            problem = e.getPath() + " may not be written by this agent (expected: CREATE on " + paths.agents()
                    + ", and CREATE, WRITE and DELETE on the agent's own node below it)";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (KeeperException.ConnectionLossException
                | KeeperException.SessionExpiredException
                | KeeperException.OperationTimeoutException e) {
            LOG.debug("Not written", e);
            tryAgain();
            return;
        } catch (Exception e) {
            LOG.debug("Not known yet", e);
            problem = "writing below " + paths.agents() + ": " + Excerpt.of(e.toString());
        }
        if (change == changes.get()) {
            settled(problem, change);
        }
    }

    private void settled(String problem, long change) {
        if (!problem.isEmpty()) {
            if (!problem.equals(status.problem())) {
                LOG.error(
                        "This agent is not known in the registry, so it publishes nothing from there and the maps stay as they are: {}; trying again every {} s",
                        problem,
                        RETRY.toSeconds());
            }
            if (knownOn == change) {
                knownOn = -1;
                listener.away(ConnectionState.SUSPENDED);
            }
            tryAgain();
        } else if (knownOn != change) {
            if (claimed.isEmpty() || !status.problem().isEmpty()) {
                LOG.info("This agent is known in the registry as {}", status.id());
            }
            claimed = status.id();
            knownOn = change;
            listener.known();
        }
        status = new PresenceStatus(status.id(), problem);
    }

    private String identity() throws IOException {
        Files.createDirectories(dir);
        if (lock == null) {
            lock = DirectoryLock.take(dir.resolve(LOCK));
        }
        // Once it is claimed it stays: under another one, the first would be waited for in vain.
        return claimed.isEmpty() ? AgentId.in(dir) : claimed;
    }

    /** The node, then the claim on it; the answer is what stands in the way. */
    private String ensure(String id) throws Exception {
        String path = paths.agent(id);
        try {
            client.setData().forPath(path, description());
        } catch (KeeperException.NoNodeException e) {
            create(path);
        }
        client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT_RECURSIVE)
                .usingWatcher(watcher)
                .forPath(path);
        return claim(id, Live.here(dir, token, since));
    }

    private void create(String path) throws Exception {
        try {
            client.create().creatingParentsIfNeeded().forPath(path, description());
        } catch (KeeperException.NodeExistsException e) {
            client.setData().forPath(path, description());
        }
    }

    private String claim(String id, Live own) throws Exception {
        String path = paths.agentLive(id);
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                client.create().withMode(CreateMode.EPHEMERAL).forPath(path, own.encode());
                return "";
            } catch (KeeperException.NodeExistsException e) {
                LOG.debug("Somebody is there", e);
            }
            Stat stat = new Stat();
            Live other;
            try {
                other = Live.decode(client.getData().storingStatIn(stat).forPath(path));
            } catch (KeeperException.NoNodeException e) {
                continue;
            }
            if (stat.getEphemeralOwner()
                    == client.getZookeeperClient().getZooKeeper().getSessionId()) {
                return "";
            }
            if (!other.predecessorOf(own)) {
                return "another agent is connected as " + id + ": on host " + other.host() + ", state.dir "
                        + other.dir() + ", since " + other.since() + " (expected: one agent per id; if this is a copy"
                        + " of that machine, delete " + dir.resolve(AgentId.FILE) + " here, and a new id is made;"
                        + " if that agent has just ended, wait until ZooKeeper has ended its session)";
            }
            remove(path, stat);
        }
        return "the claim on " + path + " changes all the time";
    }

    private void remove(String path, Stat stat) throws Exception {
        try {
            client.delete().withVersion(stat.getVersion()).forPath(path);
        } catch (KeeperException.NoNodeException e) {
            LOG.debug("It went by itself", e);
        }
    }

    private void tryAgain() {
        if (!retrying) {
            retrying = true;
            loop.after(RETRY, () -> {
                retrying = false;
                enter();
            });
        }
    }

    private void event(WatchedEvent event) {
        if (event.getType() == Watcher.Event.EventType.NodeDeleted) {
            loop.run(this::enter);
        }
    }

    private byte[] description() {
        String version = String.valueOf(Presence.class.getPackage().getImplementationVersion());
        return JSON.createObjectNode()
                .put("host", AgentId.host())
                .put("version", version.equals("null") ? "" : version)
                .put("state", dir.toString())
                .put("at", now())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
