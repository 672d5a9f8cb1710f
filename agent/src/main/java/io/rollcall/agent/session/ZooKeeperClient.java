package io.rollcall.agent.session;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.client.ZKClientConfig;

/** How the agent connects to ZooKeeper. */
final class ZooKeeperClient {
    /**
     * Bytes that an answer may have. The client's own limit of 1 MiB ends the connection, again at every attempt, once somebody
     * registers some 26,000 nodes in one service or writes a node that is just below the server's limit.
     */
    private static final int LONGEST_ANSWER = 16 << 20;

    private ZooKeeperClient() {}

    /** A client that is not started yet. */
    static CuratorFramework create(String connect, Duration sessionTimeout, ExecutorService listeners) {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.JUTE_MAXBUFFER, Integer.toString(LONGEST_ANSWER));
        return CuratorFrameworkFactory.builder()
                .connectString(connect)
                .sessionTimeoutMs((int) sessionTimeout.toMillis())
                .connectionTimeoutMs((int) Math.min(sessionTimeout.toMillis(), 5_000))
                // A reading that fails is done again as a whole once the connection is back.
                .retryPolicy(new RetryNTimes(0, 0))
                .ensembleTracker(false)
                .zkClientConfig(config)
                // Curator leaks a thread on close if it makes its own.
                .runSafeService(listeners)
                .build();
    }
}
