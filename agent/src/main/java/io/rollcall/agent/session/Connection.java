package io.rollcall.agent.session;

import io.rollcall.registry.Ensemble;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.utils.ThreadUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to ZooKeeper: made once, shared, and closed by who made it. */
public final class Connection implements AutoCloseable {
    /**
     * How it stands.
     *
     * @param state one of {@code never connected}, {@code connected}, {@code suspended}, {@code lost} or {@code read-only}
     * @param since when it came into that state
     */
    public record Status(String state, Instant since) {
        static final String NEVER = "never connected";
    }

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String connect;
    private final CuratorFramework client;

    private final ExecutorService listeners =
            Executors.newSingleThreadExecutor(ThreadUtils.newThreadFactory("rollcall-zookeeper"));

    private final ScheduledExecutorService reminder =
            Executors.newSingleThreadScheduledExecutor(ThreadUtils.newThreadFactory("rollcall-zookeeper-reminder"));

    private volatile Status status = new Status(Status.NEVER, Instant.now()); // by the listeners' thread

    public Connection(String connect, Duration sessionTimeout) {
        this.connect = connect;
        this.client = ZooKeeperClient.create(connect, sessionTimeout, listeners);
        listen(this::tell);
    }

    public CuratorFramework client() {
        return client;
    }

    /** Has {@code listener} told of each change, on a thread that must not be kept. To be called before {@link #start}. */
    public void listen(Consumer<ConnectionState> listener) {
        client.getConnectionStateListenable().addListener((ignored, state) -> listener.accept(state));
    }

    public Status status() {
        return status;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it only logs
    public void start() {
        client.start();
        reminder.schedule(this::tellIfAway, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        client.close();
        listeners.shutdownNow();
        reminder.shutdownNow();
    }

    private void tell(ConnectionState state) {
        String word = switch (state) {
            case CONNECTED, RECONNECTED -> "connected";
            case SUSPENDED -> "suspended";
            case LOST -> "lost";
            case READ_ONLY -> "read-only";
        };
        LOG.info("ZooKeeper: {} (was {})", word, status.state());
        status = new Status(word, Instant.now());
        if (state == ConnectionState.LOST) {
            reminder.execute(this::tellIfAway);
        }
    }

    /** On a thread of its own, as names are looked up for it. */
    private void tellIfAway() {
        if (!status.state().equals(Status.NEVER) && !status.state().equals("lost")) {
            return;
        }
        LOG.warn(
                "ZooKeeper at {} does not answer; what was published before stays, and connecting is tried on",
                Ensemble.lookedUp(connect));
    }
}
