package io.rollcall.agent.view;

import io.rollcall.registry.Excerpt;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which addresses a registrant may name. Whoever can write a znode could otherwise point httpd at anything it can reach.
 * Loopback, link-local, unspecified and multicast addresses pass only through a network that lies within their range: a wide one
 * such as {@code 0.0.0.0/0} does not include them.
 */
public final class AddressPolicy {
    /** Ports {@code from} to {@code to}, both included. */
    public record Ports(int from, int to) {
        public Ports {
            if (from < 1 || to > 65535 || from > to) {
                throw new IllegalArgumentException("ports or ranges within 1-65535, such as 80, 1024-65535");
            }
        }

        @Override
        public String toString() {
            return from == to ? "" + from : from + "-" + to;
        }
    }

    private static final List<Network> SPECIAL =
            networks("0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/4, 240.0.0.0/4, ::, ::1, fe80::/10, ff00::/8");

    private final List<Network> networks;
    private final List<Ports> ports;

    private AddressPolicy(List<Network> networks, List<Ports> ports) {
        this.networks = List.copyOf(networks);
        this.ports = List.copyOf(ports);
    }

    public static AddressPolicy of(List<Network> networks, List<Ports> ports) {
        return new AddressPolicy(networks, ports);
    }

    public static List<Network> networks(String text) {
        return parts(text).map(Network::parse).toList();
    }

    public static List<Ports> ports(String text) {
        return parts(text).map(AddressPolicy::range).toList();
    }

    /** Either where to route, or why not. */
    Standing judge(String address, int port, int weight) {
        Optional<IpLiteral> literal = IpLiteral.parse(address);
        if (literal.isEmpty()) {
            return Standing.refused(
                    "address: '" + Excerpt.of(address) + "' (expected: an IP address; no name is looked up)");
        }
        if (!allows(literal.get())) {
            return Standing.refused("address: " + address + " (expected: in allow.networks " + join(networks) + ")");
        }
        if (ports.stream().noneMatch(range -> range.from() <= port && port <= range.to())) {
            return Standing.refused("port: " + port + " (expected: in allow.ports " + join(ports) + ")");
        }
        String host = literal.get().inUrl();
        return new Standing.Routable(new Target(host.equals(address) ? address : host, port), weight);
    }

    private boolean allows(IpLiteral address) {
        Optional<Network> special =
                SPECIAL.stream().filter(range -> range.contains(address)).findFirst();
        return networks.stream()
                .anyMatch(network -> network.contains(address)
                        && special.map(range -> range.contains(network)).orElse(true));
    }

    private static java.util.stream.Stream<String> parts(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(part -> !part.isEmpty());
    }

    private static Ports range(String text) {
        try {
            int dash = text.indexOf('-');
            int from =
                    Integer.parseInt(dash < 0 ? text : text.substring(0, dash).strip());
            return new Ports(
                    from,
                    dash < 0 ? from : Integer.parseInt(text.substring(dash + 1).strip()));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("ports or ranges within 1-65535, such as 80, 1024-65535", e);
        }
    }

    private static String join(List<?> parts) {
        return parts.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
