package io.rollcall.agent.view;

import io.rollcall.registry.Instance;
import java.util.Optional;

/**
 * One znode and what became of it.
 *
 * @param path of the znode
 * @param instance what it says; empty if it cannot be read as a backend
 */
public record Backend(String path, String id, Optional<Instance> instance, Standing standing) {}
