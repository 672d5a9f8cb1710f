package io.rollcall.agent.embedded;

import io.rollcall.agent.config.AgentConfig;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.apache.zookeeper.util.ServiceUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running ZooKeeper server with its data on disk; old snapshots and logs are purged. */
final class StandaloneServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneServer.class);

    /** Milliseconds. Sessions are checked once a tick, so a killed backend's node goes that much after its session's end. */
    private static final int TICK = 500;

    private static final int SHORTEST_SESSION = 1_000;
    private static final int LONGEST_SESSION = 40_000;
    private static final int MOST_CONNECTIONS_PER_ADDRESS = 1_000;
    private static final int SNAPSHOTS_KEPT = 3;
    private static final int HOURS_BETWEEN_PURGES = 1;

    private final FileTxnSnapLog data;
    private final ZooKeeperServer server;
    private final ServerCnxnFactory connections;
    private final DatadirCleanupManager purge;

    private StandaloneServer(
            FileTxnSnapLog data, ZooKeeperServer server, ServerCnxnFactory connections, DatadirCleanupManager purge) {
        this.data = data;
        this.server = server;
        this.connections = connections;
        this.purge = purge;
    }

    static {
        // ZooKeeper ends the whole process when it cannot write a snapshot; the agent has more to do than that.
        ServiceUtils.setSystemExitProcedure(code -> {
            throw new IllegalStateException("ZooKeeper gave up with code " + code);
        });
    }

    static StandaloneServer start(AgentConfig.Embedded config) throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(config.bind()), config.port());
        File dir = Files.createDirectories(config.dir()).toFile();
        ServerCnxnFactory connections = new NIOServerCnxnFactory();
        FileTxnSnapLog data = null;
        ZooKeeperServer server;
        try {
            // The port first: a second server must not touch the data of the first.
            connections.configure(address, MOST_CONNECTIONS_PER_ADDRESS, -1, false);
            data = new FileTxnSnapLog(dir, dir);
            server = new ZooKeeperServer(data, TICK, SHORTEST_SESSION, LONGEST_SESSION, -1, null, "");
            server.startdata();
            server.startup();
            // Connections last: one that is accepted before the server runs may hang for a session timeout (seen: 12
            // s).
            connections.startup(server, false);
        } catch (IOException | InterruptedException | RuntimeException e) {
            connections.shutdown();
            if (data != null) {
                data.close();
            }
            throw e;
        }
        DatadirCleanupManager purge = new DatadirCleanupManager(dir, dir, SNAPSHOTS_KEPT, HOURS_BETWEEN_PURGES);
        purge.start();
        return new StandaloneServer(data, server, connections, purge);
    }

    /** False once a write to disk has failed: the server then answers nobody any more. */
    boolean isRunning() {
        return server.isRunning();
    }

    @Override
    public void close() {
        purge.shutdown();
        connections.shutdown();
        try {
            data.close();
        } catch (IOException e) {
            LOG.warn("The embedded ZooKeeper's data was not closed: {}", e.toString());
        }
    }
}
