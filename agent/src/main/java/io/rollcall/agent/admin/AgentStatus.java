package io.rollcall.agent.admin;

import io.rollcall.agent.drain.OrderReport;
import io.rollcall.agent.health.HealthStatus;
import io.rollcall.agent.logs.LogsStatus;
import io.rollcall.agent.presence.PresenceStatus;
import io.rollcall.agent.publish.PublicationStatus;
import io.rollcall.agent.session.Connection;
import io.rollcall.agent.traffic.DeclaredReport;
import io.rollcall.agent.traffic.Traffic;
import io.rollcall.agent.traffic.TrafficReport;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.WatchStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the agent can tell of itself, at one moment.
 *
 * @param startedAt when the agent started
 * @param zookeeper the connect string
 * @param mapsDir where the maps are
 * @param watch on the services
 * @param orders the watch on the orders
 * @param requestLogs empty if none are followed
 * @param source where the view comes from: {@code registry}, {@code snapshot} or {@code nothing}
 */
public record AgentStatus(
        Instant startedAt,
        String zookeeper,
        String mapsDir,
        String source,
        View view,
        Connection.Status connection,
        PresenceStatus presence,
        WatchStatus watch,
        WatchStatus orders,
        PublicationStatus publication,
        List<OrderReport> drains,
        HealthStatus health,
        Map<Traffic.Key, TrafficReport> traffic,
        DeclaredReport declared,
        Optional<LogsStatus> requestLogs) {}
