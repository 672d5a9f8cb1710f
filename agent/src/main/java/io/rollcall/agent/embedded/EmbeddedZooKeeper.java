package io.rollcall.agent.embedded;

import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.loop.Loop;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standalone ZooKeeper inside the agent, without authentication; so it listens on loopback unless told otherwise. If it cannot
 * start, because its port is busy or its disk full, it tries again until it can: the agent goes on from its snapshot meanwhile.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedZooKeeper.class);
    private static final int RETRY_SECONDS = 1;
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    private final AgentConfig.Embedded config;
    private final Loop loop = new Loop("rollcall-embedded");
    private @Nullable StandaloneServer server; // by the loop
    private String problem = ""; // by the loop

    public EmbeddedZooKeeper(AgentConfig.Embedded config) {
        this.config = config;
    }

    /** Returns after the first attempt, so that a client finds the server if all is well. */
    public void start() throws IOException, InterruptedException {
        if (!InetAddress.getByName(config.bind()).isLoopbackAddress()) {
            LOG.warn(
                    "embedded.zookeeper.bind = {}: the embedded ZooKeeper has no authentication; whoever reaches port {} can"
                            + " register backends and remove them",
                    config.bind(),
                    config.port());
        }
        loop.call(() -> {
            attempt();
            return true;
        });
        loop.every(CHECK_EVERY, this::restartIfItFailed);
    }

    @Override
    public void close() {
        loop.close(Duration.ofSeconds(5));
        if (server != null) {
            server.close();
        }
    }

    private void restartIfItFailed() {
        if (server != null && !server.isRunning()) {
            LOG.error(
                    "The embedded ZooKeeper failed, as it does when it cannot write to {}; starting it again",
                    config.dir());
            server.close();
            server = null;
            attempt();
        }
    }

    private void attempt() {
        try {
            server = StandaloneServer.start(config);
            problem = "";
            LOG.info("Embedded ZooKeeper listens on {}:{}, data in {}", config.bind(), config.port(), config.dir());
        } catch (IOException | RuntimeException e) {
            if (!e.toString().equals(problem)) {
                problem = e.toString();
                LOG.error(
                        "The embedded ZooKeeper cannot start on {}:{} with data in {}: {} (expected: a free port and a"
                                + " directory that the agent may write to); trying again every {} s",
                        config.bind(),
                        config.port(),
                        config.dir(),
                        problem,
                        RETRY_SECONDS);
            }
            loop.after(Duration.ofSeconds(RETRY_SECONDS), this::attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
