package io.rollcall.drain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/** A ZooKeeper session of our own, followed by another when it has ended. ZooKeeper's client keeps it alive by itself. */
final class OwnSession implements Supplier<Optional<ZooKeeper>>, AutoCloseable {
    /** Bytes that an answer may have: the client's own limit of 1 MiB ends the connection where a service has very many nodes. */
    private static final int LONGEST_ANSWER = 16 << 20;

    private static final int CLOSE_PATIENCE_MILLIS = 1000;

    private final String connect;
    private final int timeoutMillis;
    private final Watcher watcher;
    private @Nullable ZooKeeper handle; // guarded by this
    private boolean closed; // guarded by this

    OwnSession(String connect, Duration timeout, Watcher watcher) {
        this.connect = connect;
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
        this.watcher = watcher;
    }

    @Override
    public synchronized Optional<ZooKeeper> get() {
        if (closed) {
            return Optional.empty();
        }
        if (handle == null || !handle.getState().isAlive()) {
            handle = open();
        }
        return handle.getState().isConnected() ? Optional.of(handle) : Optional.empty();
    }

    private ZooKeeper open() {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.JUTE_MAXBUFFER, Integer.toString(LONGEST_ANSWER));
        try {
            return new ZooKeeper(connect, timeoutMillis, watcher, false, config);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it opens no connection here
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (handle != null) {
            try {
                handle.close(CLOSE_PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
