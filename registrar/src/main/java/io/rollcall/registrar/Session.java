package io.rollcall.registrar;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * The ZooKeeper session of a registrar. Curator keeps a session alive and opens the next one; what is done in a session is done on
 * its own handle, so that nothing meant for one session ever happens in another. Curator's events are hints: at each of them, and
 * at every tick, the handle itself is asked.
 */
final class Session implements AutoCloseable {
    /** A session that is connected, as far as this side knows. */
    record Live(ZooKeeper zooKeeper, long id) {}

    /** Hears of the session, on the loop. */
    interface Listener {
        /** Connected: for the first time, again, or under a new id. */
        void connected(Live live);

        /** Not connected. If {@code over}, the session will not come back. */
        void disconnected(boolean over);
    }

    /** An answer takes milliseconds; this is for a ZooKeeper that is gone without a word. With the leaving it makes less than 3 s. */
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(1200);

    static {
        undoZooKeepersProperty();
    }

    private final CuratorFramework curator;
    private final Listener listener;
    private volatile @Nullable Live live; // written on the loop

    Session(String connect, Duration sessionTimeout, Loop loop, Listener listener) {
        this.listener = listener;
        int timeout = Math.toIntExact(sessionTimeout.toMillis());
        this.curator = CuratorFrameworkFactory.builder()
                .connectString(connect)
                .sessionTimeoutMs(timeout)
                .connectionTimeoutMs(Math.min(timeout, 5000))
                .retryPolicy(new RetryOneTime(1)) // never used: nothing goes through Curator's own operations
                .ensembleTracker(false) // or the connect string is replaced by addresses that may not be reachable
                .zkClientConfig(new ZKClientConfig())
                .threadFactory(task -> Loop.daemon(task, "rollcall-registrar-curator"))
                .runSafeService(Runnable::run) // the default one leaks a thread
                .maxCloseWaitMs(500)
                .build();
        curator.getConnectionStateListenable()
                .addListener((client, state) -> loop.run(() -> observe(state == ConnectionState.LOST, true)));
    }

    /**
     * ZooKeeper's client switches off client-initiated TLS renegotiation for the whole process when this class of it is loaded. A
     * guest does not do that: so it is loaded here, and what it set is taken back.
     */
    private static void undoZooKeepersProperty() {
        String property = "jdk.tls.rejectClientInitiatedRenegotiation";
        String before = System.getProperty(property);
        try {
            Class.forName("org.apache.zookeeper.common.X509Util");
        } catch (ClassNotFoundException e) {
            return; // then nothing sets it
        }
        if (before == null) {
            System.clearProperty(property);
        }
    }

    void start() {
        curator.start();
    }

    /** As was last seen. */
    Optional<Live> live() {
        return Optional.ofNullable(live);
    }

    /** Asks the handle, in case an event was lost. Loop only. */
    void tick() {
        observe(false, false);
    }

    private void observe(boolean lost, boolean event) {
        Live seen = look();
        Live before = live;
        live = seen;
        if (seen == null) {
            if (before != null || lost) {
                listener.disconnected(lost);
            }
        } else if (event || before == null || before.id() != seen.id()) {
            listener.connected(seen);
        }
    }

    private @Nullable Live look() {
        try {
            // Not the handle's own state: after a disconnection that says CONNECTED until the next attempt.
            ZooKeeper handle = curator.getZookeeperClient().getZooKeeper();
            boolean connected =
                    handle != null && curator.getZookeeperClient().isConnected() && handle.getSessionId() != 0;
            return connected ? new Live(handle, handle.getSessionId()) : null;
        } catch (Exception e) {
            return null; // Curator reports here what went wrong in the background; the next look finds the new handle
        }
    }

    /**
     * Ends the session, and with it every znode. ZooKeeper's own close waits for an answer that may never come, so it is interrupted
     * when it takes too long; then the session ends by its timeout.
     */
    @Override
    public void close() {
        CountDownLatch closed = new CountDownLatch(1);
        Thread closer = Loop.daemon(
                () -> {
                    curator.close();
                    closed.countDown();
                },
                "rollcall-registrar-close");
        closer.start();
        try {
            if (!closed.await(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                closer.interrupt();
                closed.await(300, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            closer.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
