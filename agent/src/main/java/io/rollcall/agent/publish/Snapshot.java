package io.rollcall.agent.publish;

import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.watch.Roll;

/** What a restarted agent goes on from before ZooKeeper answers: the last facts and the names known by then. */
public record Snapshot(Roll roll, KnownNames known) {}
