package io.rollcall.agent.view;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IP address that was written as one; no name is ever looked up. */
public record IpLiteral(InetAddress address) {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*(" + V4.pattern() + ")?");

    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?=:|$)");

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

    /** As it stands in a URL, and as a server would write itself there: {@code 10.0.0.5}, {@code [2001:db8::1]} (RFC 5952). */
    String inUrl() {
        return address instanceof Inet6Address ? "[" + this + "]" : toString();
    }

    @Override
    public String toString() {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? compressed(text) : text;
    }

    /** With the longest run of zeros left out, the first of several. */
    private static String compressed(String full) {
        Matcher zeros = ZEROS.matcher(full);
        int start = 0;
        int end = 0;
        while (zeros.find()) {
            if (zeros.group().replace(":", "").length()
                    > full.substring(start, end).replace(":", "").length()) {
                start = zeros.start();
                end = zeros.end();
            }
        }
        if (start == end) {
            return full;
        }
        return full.substring(0, start) + ":" + (end == full.length() ? ":" : full.substring(end));
    }
}
