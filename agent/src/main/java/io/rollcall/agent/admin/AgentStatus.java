package io.rollcall.agent.admin;

import io.rollcall.agent.publish.PublicationStatus;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.WatchStatus;
import java.time.Instant;

/**
 * Everything that the agent can tell of itself, at one moment.
 *
 * @param startedAt when the agent started
 * @param zookeeper the connect string
 * @param mapsDir where the maps are
 * @param source where the view comes from: {@code registry}, {@code snapshot} or {@code nothing}
 */
public record AgentStatus(
        Instant startedAt,
        String zookeeper,
        String mapsDir,
        String source,
        View view,
        WatchStatus watch,
        PublicationStatus publication) {}
