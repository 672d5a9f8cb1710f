package io.rollcall.agent.watch;

import java.util.Optional;

/** The root (no service), a service (no node) or a node; empty strings mean none. */
record Place(String service, String node) {
    static final Place ROOT = new Place("", "");

    /** The place of a znode, if it is one of those that are read. */
    static Optional<Place> at(String path, String base) {
        if (path.equals(base)) {
            return Optional.of(ROOT);
        }
        if (!path.startsWith(base + "/")) {
            return Optional.empty();
        }
        String[] parts = path.substring(base.length() + 1).split("/", -1);
        return parts.length > 2
                ? Optional.empty()
                : Optional.of(new Place(parts[0], parts.length == 2 ? parts[1] : ""));
    }

    String path(String base) {
        return isRoot() ? base : base + "/" + service + (isNode() ? "/" + node : "");
    }

    boolean isRoot() {
        return service.isEmpty();
    }

    boolean isNode() {
        return !node.isEmpty();
    }
}
