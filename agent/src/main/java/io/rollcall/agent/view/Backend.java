package io.rollcall.agent.view;

import io.rollcall.registry.Instance;
import java.util.Optional;

/**
 * One znode and what became of it.
 *
 * @param path of the znode
 * @param czxid transaction that created it
 * @param instance what it says; empty if it cannot be read as a backend
 */
public record Backend(String path, String id, long czxid, Optional<Instance> instance, Standing standing) {
    Backend with(Standing next) {
        return new Backend(path, id, czxid, instance, next);
    }

    /** Of which process; empty if it does not say. */
    public String incarnation() {
        return instance.map(Instance::incarnation).orElse("");
    }
}
