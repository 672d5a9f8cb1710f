package io.rollcall.agent.view;

import java.util.Optional;

/**
 * Where requests go, in the form that httpd gets it: {@code 10.0.0.5:8080} or {@code [2001:db8::1]:8080}.
 *
 * @param host IP literal, in brackets if IPv6
 * @param port 1..65535
 */
public record Target(String host, int port) implements Comparable<Target> {
    /** Reads {@code address:port} as an order has it, the address with or without brackets; empty if it is none. */
    public static Optional<Target> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !text.substring(colon + 1).matches("[1-9]\\d{0,4}")) {
            return Optional.empty();
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        return port > 65535
                ? Optional.empty()
                : IpLiteral.parse(text.substring(0, colon)).map(address -> new Target(address.inUrl(), port));
    }

    @Override
    public int compareTo(Target other) {
        int byHost = host.compareTo(other.host);
        return byHost == 0 ? Integer.compare(port, other.port) : byHost;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
