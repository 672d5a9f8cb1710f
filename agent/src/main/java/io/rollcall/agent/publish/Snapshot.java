package io.rollcall.agent.publish;

import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.watch.Facts;

/** What a restarted agent goes on from before ZooKeeper answers: the last facts and the names known by then. */
public record Snapshot(Facts facts, KnownNames known) {}
