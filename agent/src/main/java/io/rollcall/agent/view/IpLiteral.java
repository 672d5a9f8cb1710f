package io.rollcall.agent.view;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** An IP address that was written as one; no name is ever looked up. */
public record IpLiteral(InetAddress address) {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*(" + V4.pattern() + ")?");

    /** Four decimal numbers or IPv6, the latter with or without brackets; {@code 127.1} or {@code 010.0.0.1} is neither. */
    public static Optional<IpLiteral> parse(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        boolean v6 = V6.matcher(bare).matches();
        if (!v6 && (bare.length() != text.length() || !V4.matcher(bare).matches())) {
            return Optional.empty();
        }
        try {
            // An address with a colon is never looked up, and four numbers are taken as they are.
            return Optional.of(new IpLiteral(InetAddress.getByName(bare)));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    int bits() {
        return address.getAddress().length * 8;
    }

    /** As it stands in a URL: {@code 10.0.0.5}, {@code [2001:db8:0:0:0:0:0:1]}. */
    String inUrl() {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }
}
