package io.rollcall.agent.view;

/** A range of addresses in CIDR notation; one address is a range of its own. */
public record Network(IpLiteral base, int bits) {
    public Network {
        if (bits < 0 || bits > base.bits()) {
            throw new IllegalArgumentException("a prefix length of 0.." + base.bits());
        }
    }

    /** Parses {@code 10.0.0.0/8}, {@code fc00::/7} or a single address. */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        IpLiteral base = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() ->
                        new IllegalArgumentException("networks such as 10.0.0.0/8 or fc00::/7, not '" + text + "'"));
        if (slash < 0) {
            return new Network(base, base.bits());
        }
        try {
            return new Network(base, Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("networks such as 10.0.0.0/8 or fc00::/7, not '" + text + "'", e);
        }
    }

    boolean contains(IpLiteral address) {
        byte[] a = base.address().getAddress();
        byte[] b = address.address().getAddress();
        if (a.length != b.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    boolean contains(Network other) {
        return bits <= other.bits && contains(other.base);
    }

    @Override
    public String toString() {
        return base + "/" + bits;
    }
}
