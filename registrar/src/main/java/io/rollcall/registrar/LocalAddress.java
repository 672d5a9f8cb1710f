package io.rollcall.registrar;

import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.zookeeper.client.ConnectStringParser;

/**
 * The address under which others reach this machine, as well as that can be guessed: the one the system uses towards ZooKeeper,
 * else the first site-local one (IPv4 first), else the first that is not loopback. On a machine without a network it is the loopback.
 */
final class LocalAddress {
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

    private LocalAddress() {}

    /** Resolves names, so it is called when ZooKeeper is connected and they are in the cache. */
    static String towards(String connect) {
        return new ConnectStringParser(connect)
                .getServerAddresses().stream()
                        .map(server -> new InetSocketAddress(server.getHostString(), server.getPort()))
                        .flatMap(server -> sourceTowards(server).stream())
                        .findFirst()
                        .or(LocalAddress::ofAnInterface)
                        .orElseGet(InetAddress::getLoopbackAddress)
                        .getHostAddress()
                        .replaceFirst("%.*", ""); // the zone of a link-local address means nothing elsewhere
    }

    /** Agents look no name up: what a name means may change under them. */
    static void requireLiteral(String address) {
        boolean colons = address.indexOf(':') > 0 || address.startsWith("::");
        if (!IPV4.matcher(address).matches() && !(colons && isIpv6(address))) {
            throw new IllegalArgumentException("address: '" + address + "' (expected: an IP address, not a name)");
        }
    }

    private static boolean isIpv6(String address) {
        try {
            return address.indexOf('%') < 0
                    && InetAddress.getByName(address) != null; // with a colon, nothing is looked up
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Connecting a datagram socket sends nothing and makes the system choose a route. */
    private static Optional<InetAddress> sourceTowards(InetSocketAddress server) {
        if (server.isUnresolved()) {
            return Optional.empty();
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            return Optional.of(socket.getLocalAddress()).filter(LocalAddress::isReachableFromElsewhere);
        } catch (SocketException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static Optional<InetAddress> ofAnInterface() {
        try {
            List<InetAddress> all = Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .flatMap(card -> Collections.list(card.getInetAddresses()).stream())
                    .filter(LocalAddress::isReachableFromElsewhere)
                    .sorted(Comparator.comparing(address -> address instanceof Inet6Address))
                    .toList();
            return Stream.concat(all.stream().filter(InetAddress::isSiteLocalAddress), all.stream())
                    .findFirst();
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static boolean isReachableFromElsewhere(InetAddress address) {
        return !address.isLoopbackAddress() && !address.isAnyLocalAddress() && !address.isLinkLocalAddress();
    }
}
