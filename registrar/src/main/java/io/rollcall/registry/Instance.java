package io.rollcall.registry;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One backend as its znode tells of it. What does not hold together cannot be built: the exception names field, value and
 * expectation.
 *
 * @param service the name of the service, a host name as a rule; kept as written, compared in lower case by readers
 * @param id names the backend within its service, the same over restarts; 1 to 200 characters without {@code / ~} or blanks
 * @param address IP literal or host name, as written; readers decide what they accept
 * @param port 1..65535
 * @param scheme how the backend speaks: {@code http}; others are kept, and refused by those who cannot route them
 * @param probe path that agents ask for to see whether the backend is well: {@code /health}; empty if they shall only connect
 * @param state what the backend says of itself
 * @param weight share of new requests relative to its neighbours, 0..100; 0 gets none
 * @param incarnation random per start of the process, the same over re-registrations; empty in nodes of other writers
 * @param version release that the backend runs; empty if not told
 * @param zone where the backend runs; empty if not told
 * @param registeredAt milliseconds since 1970, for people; nothing is decided by it
 * @param metadata free, in the order of its keys
 */
public record Instance(
        String service,
        String id,
        String address,
        int port,
        String scheme,
        String probe,
        State state,
        int weight,
        String incarnation,
        String version,
        String zone,
        long registeredAt,
        Map<String, String> metadata) {

    public static final int DEFAULT_WEIGHT = 1;
    public static final int MAX_WEIGHT = 100;
    public static final String HTTP = "http";

    private static final Pattern SERVICE = Pattern.compile("[^/\\s\\p{Cntrl}]{1,253}");
    private static final Pattern PROBE = Pattern.compile("|/[!-~]{0,199}");
    private static final Pattern ID = Pattern.compile("[^/~\\s\\p{Cntrl}]{1,200}");

    public Instance {
        Objects.requireNonNull(state, "state");
        require(SERVICE.matcher(service).matches(), "service", service, "1 to 253 characters without / or blanks");
        require(ID.matcher(id).matches(), "id", id, "1 to 200 characters without / ~ or blanks");
        require(!address.isBlank() && address.length() <= 253, "address", address, "an IP address or host name");
        require(port >= 1 && port <= 65535, "port", port, "1..65535");
        require(!scheme.isBlank(), "scheme", scheme, "http");
        require(PROBE.matcher(probe).matches(), "probe", probe, "a path such as /health, at most 200 ASCII characters");
        require(weight >= 0 && weight <= MAX_WEIGHT, "weight", weight, "0.." + MAX_WEIGHT);
        Objects.requireNonNull(incarnation, "incarnation");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(zone, "zone");
        metadata = metadata.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    public Instance withState(State next) {
        return new Instance(
                service,
                id,
                address,
                port,
                scheme,
                probe,
                next,
                weight,
                incarnation,
                version,
                zone,
                registeredAt,
                metadata);
    }

    public Instance withWeight(int next) {
        return new Instance(
                service,
                id,
                address,
                port,
                scheme,
                probe,
                state,
                next,
                incarnation,
                version,
                zone,
                registeredAt,
                metadata);
    }

    private static void require(boolean holds, String field, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(field + ": '" + value + "' (expected: " + expected + ")");
        }
    }
}
