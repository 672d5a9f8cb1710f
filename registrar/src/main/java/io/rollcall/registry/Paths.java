package io.rollcall.registry;

import java.util.Locale;
import java.util.Objects;

/**
 * Where things live in the tree, under a root that is {@code /rollcall} unless somebody chose another.
 *
 * <p>{@code services/<service>/<id>~<suffix>}: the backends. {@code orders/<service>/<id>}: what somebody wants of one, with an
 * ephemeral ack of each agent below. {@code agents/<agent>}: who may be routing, with {@code live} below while it is connected.
 *
 * <p>A backend's znode is {@code <root>/services/<service>/<id>~<suffix>}. The suffix is unique per session, so a backend that
 * registers anew is never absent in between; readers keep the youngest node of each id.
 *
 * @param root absolute path without a trailing slash, or {@code /}
 */
public record Paths(String root) {
    public static final String DEFAULT_ROOT = "/rollcall";

    /** Parts the id of a backend from the opaque suffix; forbidden in ids. */
    public static final char SUFFIX_MARK = '~';

    public Paths {
        Objects.requireNonNull(root, "root");
        if (!root.equals("/") && !root.matches("(/(?!\\.{1,2}(/|$))[^/\\s\\p{Cntrl}]+)+")) {
            throw new IllegalArgumentException("root: '" + root
                    + "' (expected: an absolute znode path without a trailing slash, such as /rollcall)");
        }
    }

    public String services() {
        return under("services");
    }

    public String service(String service) {
        return services() + "/" + service;
    }

    public String node(String service, String nodeName) {
        return service(service) + "/" + nodeName;
    }

    public String orders() {
        return under("orders");
    }

    /** The orders of a service, by its {@link #compared} name. */
    public String orders(String service) {
        return orders() + "/" + service;
    }

    /** The order that is given to the backend {@code id}. Its children are the acks. */
    public String order(String service, String id) {
        return orders(service) + "/" + id;
    }

    public String agents() {
        return under("agents");
    }

    /** Persistent: an agent that may be routing. */
    public String agent(String agentId) {
        return agents() + "/" + agentId;
    }

    /** Ephemeral, while the agent is connected. */
    public String agentLive(String agentId) {
        return agent(agentId) + "/live";
    }

    /** The form in which services are compared: lower case, without the root's dot. */
    public static String compared(String service) {
        String name = service.endsWith(".") ? service.substring(0, service.length() - 1) : service;
        return name.toLowerCase(Locale.ROOT);
    }

    /** The id in a znode's name: what precedes the last mark, or all of it in a node that somebody else wrote. */
    public static String idOf(String nodeName) {
        int mark = nodeName.lastIndexOf(SUFFIX_MARK);
        return mark <= 0 ? nodeName : nodeName.substring(0, mark);
    }

    private String under(String child) {
        return root.equals("/") ? "/" + child : root + "/" + child;
    }
}
