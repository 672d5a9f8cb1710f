package io.rollcall.agent.health;

import java.util.Set;

/**
 * What health can tell of itself.
 *
 * @param nanos the moment, on the clock of the conditions
 * @param probes made since the start
 * @param problem why probes cannot be made on this host; empty if they can
 * @param held paths of znodes that are gone and held
 */
public record HealthStatus(
        boolean probing, Conditions conditions, long nanos, long probes, String problem, Set<String> held) {}
