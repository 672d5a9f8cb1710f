package io.rollcall.registry;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Collectors;
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

    /**
     * {@code connect}, and which of its host names nobody knows here: the usual reason why ZooKeeper never answers. Looks them up, which
     * may take seconds.
     */
    public static String lookedUp(String connect) {
        String unknown = new ConnectStringParser(connect)
                .getServerAddresses().stream()
                        .map(InetSocketAddress::getHostString)
                        .distinct()
                        .filter(host -> new InetSocketAddress(host, 0).isUnresolved())
                        .collect(Collectors.joining(", "));
        return unknown.isEmpty() ? connect : connect + " (unknown here: " + unknown + ")";
    }

    public Ensemble withSessionTimeout(Duration timeout) {
        return new Ensemble(connect, timeout);
    }
}
