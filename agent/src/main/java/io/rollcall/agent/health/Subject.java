package io.rollcall.agent.health;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Something to probe.
 *
 * @param host IP literal, in brackets if IPv6
 * @param path to ask for with GET; empty to connect only
 * @param name for the Host header; empty where there is no request
 */
record Subject(String host, int port, String path, String name) {
    boolean isIpv4() {
        return host.indexOf(':') < 0;
    }

    InetSocketAddress address() {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("host: '" + host + "' (expected: an IP literal)", e);
        }
    }
}
