package io.rollcall.registry;

import java.time.Duration;
import org.apache.zookeeper.client.ConnectStringParser;

/**
 * Where ZooKeeper is, and how long one of its sessions outlives a lost connection.
 *
 * @param connect {@code host:port,host:port} with an optional {@code /path}
 * @param sessionTimeout 1 s to 5 min; the server has its own limits
 */
public record Ensemble(String connect, Duration sessionTimeout) {
    private static final Duration DEFAULT_SESSION_TIMEOUT = Duration.ofSeconds(10);

    public Ensemble {
        try {
            if (connect.isBlank()) {
                throw new IllegalArgumentException("it is empty");
            }
            new ConnectStringParser(connect);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "connect: '" + connect + "' (expected: host:port,host:port with an optional /path): "
                            + e.getMessage(),
                    e);
        }
        if (sessionTimeout.compareTo(Duration.ofSeconds(1)) < 0
                || sessionTimeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("sessionTimeout: " + sessionTimeout + " (expected: 1 s to 5 min)");
        }
    }

    /** With sessions of 10 s. */
    public static Ensemble at(String connect) {
        return new Ensemble(connect, DEFAULT_SESSION_TIMEOUT);
    }

    public Ensemble withSessionTimeout(Duration timeout) {
        return new Ensemble(connect, timeout);
    }
}
