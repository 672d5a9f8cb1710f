package io.rollcall.drain;

import java.time.Instant;

/**
 * An agent that may be routing.
 *
 * @param id its name in the registry
 * @param host where it runs, as it tells; empty if it does not
 * @param connected whether it is connected to ZooKeeper now
 * @param lastSeen when it last wrote, by ZooKeeper's clock, for people; it writes once a minute while it is connected
 */
public record KnownAgent(String id, String host, boolean connected, Instant lastSeen) {}
