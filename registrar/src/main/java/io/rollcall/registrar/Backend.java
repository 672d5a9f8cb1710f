package io.rollcall.registrar;

import io.rollcall.registry.Instance;
import io.rollcall.registry.State;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a server says of itself when it registers; made with {@link #of}. What does not hold together cannot be built: the
 * {@link IllegalArgumentException} names field, value and expectation.
 *
 * @param service name of the service, the virtual host name as a rule: {@code shop.example.com}
 * @param port 1..65535
 * @param address IP address that httpd can reach; empty for the one that the system uses towards ZooKeeper
 * @param id names the backend within its service, the same over restarts; empty for {@code <address>-<port>}
 * @param scheme {@code http}; nothing else is routed yet
 * @param probe path that agents ask for with GET to see whether the server is well, 200 to 399 if so: {@code /health}; empty if
 *     they shall only connect
 * @param weight share of new requests relative to its neighbours, 0..100; 0 gets none
 * @param version release that the server runs; empty if it does not matter
 * @param zone where the server runs; empty if it does not matter
 * @param metadata free; the whole znode is at most 4 KiB
 * @param linger how long a leaving server goes on serving, so that httpd has learnt of it: 0 to 10 minutes
 */
public record Backend(
        String service,
        int port,
        Optional<String> address,
        Optional<String> id,
        String scheme,
        String probe,
        int weight,
        String version,
        String zone,
        Map<String, String> metadata,
        Duration linger) {

    public static final Duration DEFAULT_LINGER = Duration.ofSeconds(2);
    private static final Duration MAX_LINGER = Duration.ofMinutes(10);

    public Backend {
        metadata = Map.copyOf(metadata);
        if (!scheme.equals(Instance.HTTP)) {
            throw new IllegalArgumentException(
                    "scheme: '" + scheme + "' (expected: http; backends of other schemes are not routed)");
        }
        if (linger.isNegative() || linger.compareTo(MAX_LINGER) > 0) {
            throw new IllegalArgumentException("linger: " + linger + " (expected: 0 to 10 minutes)");
        }
        address.ifPresent(LocalAddress::requireLiteral);
        String host = address.orElse(NodeData.LONGEST_ADDRESS);
        NodeData.requireFitting(new Instance(
                service,
                id.orElse(host + "-" + port),
                host,
                port,
                scheme,
                probe,
                State.UP,
                weight,
                NodeData.LONGEST_INCARNATION,
                version,
                zone,
                Long.MAX_VALUE,
                metadata));
    }

    /** A builder for the server that listens on {@code port}. */
    public static Builder of(String service, int port) {
        return new Builder(service, port);
    }

    /** Collects what is not default. One thread at a time. */
    public static final class Builder {
        private final String service;
        private final int port;
        private Optional<String> address = Optional.empty();
        private Optional<String> id = Optional.empty();
        private String scheme = Instance.HTTP;
        private String probe = "";
        private int weight = Instance.DEFAULT_WEIGHT;
        private String version = "";
        private String zone = "";
        private final Map<String, String> metadata = new TreeMap<>();
        private Duration linger = DEFAULT_LINGER;

        private Builder(String service, int port) {
            this.service = service;
            this.port = port;
        }

        public Builder address(String ip) {
            this.address = Optional.of(ip);
            return this;
        }

        public Builder id(String name) {
            this.id = Optional.of(name);
            return this;
        }

        public Builder scheme(String name) {
            this.scheme = name;
            return this;
        }

        public Builder probe(String path) {
            this.probe = path;
            return this;
        }

        public Builder weight(int share) {
            this.weight = share;
            return this;
        }

        public Builder version(String release) {
            this.version = release;
            return this;
        }

        public Builder zone(String place) {
            this.zone = place;
            return this;
        }

        public Builder metadata(String key, String value) {
            this.metadata.put(key, value);
            return this;
        }

        public Builder linger(Duration time) {
            this.linger = time;
            return this;
        }

        public Backend build() {
            return new Backend(service, port, address, id, scheme, probe, weight, version, zone, metadata, linger);
        }
    }
}
