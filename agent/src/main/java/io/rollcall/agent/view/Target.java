package io.rollcall.agent.view;

import java.util.Comparator;

/**
 * Where requests go, in the form that httpd gets it: {@code 10.0.0.5:8080} or {@code [2001:db8::1]:8080}.
 *
 * @param host IP literal, in brackets if IPv6
 * @param port 1..65535
 */
public record Target(String host, int port) implements Comparable<Target> {
    private static final Comparator<Target> ORDER =
            Comparator.comparing(Target::host).thenComparing(Target::port);

    @Override
    public int compareTo(Target other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
