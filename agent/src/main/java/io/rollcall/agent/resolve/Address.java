package io.rollcall.agent.resolve;

/**
 * The form of an address in a map: {@code digits.digits.digits.digits:port} or {@code [hex and colons]:port}.
 *
 * <p>The same form that httpd's rules demand before they proxy. Not a regular expression, because loading those costs a tenth
 * of the resolver's start.
 */
final class Address {
    private Address() {}

    static boolean isAddress(String text) {
        int colon = text.lastIndexOf(':');
        int port = text.length() - colon - 1;
        return colon > 0 && port >= 1 && port <= 5 && allDigits(text, colon + 1, text.length()) && isHost(text, colon);
    }

    private static boolean isHost(String text, int end) {
        if (text.charAt(0) != '[') {
            return isIpv4(text, end);
        }
        if (end < 3 || text.charAt(end - 1) != ']') {
            return false;
        }
        for (int i = 1; i < end - 1; i++) {
            char c = text.charAt(i);
            if ("0123456789abcdef:.".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIpv4(String text, int end) {
        int parts = 1;
        int from = 0;
        for (int dot = text.indexOf('.'); dot >= 0 && dot < end; dot = text.indexOf('.', from)) {
            if (!allDigits(text, from, dot)) {
                return false;
            }
            parts++;
            from = dot + 1;
        }
        return parts == 4 && allDigits(text, from, end);
    }

    private static boolean allDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < to;
    }
}
