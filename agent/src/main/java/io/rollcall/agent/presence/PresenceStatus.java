package io.rollcall.agent.presence;

/**
 * How the agent is known in the registry.
 *
 * @param id empty if it could not be read or made yet
 * @param problem why it publishes nothing from the registry, and what to do; empty if nothing stands in the way
 */
public record PresenceStatus(String id, String problem) {}
