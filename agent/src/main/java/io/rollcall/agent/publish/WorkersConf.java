package io.rollcall.agent.publish;

import io.rollcall.agent.table.Table;
import io.rollcall.agent.view.Target;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code workers.conf}: a declared worker per backend lets httpd reuse connections to it. httpd reads it whenever it
 * next reloads; nothing but speed depends on it. Workers are searched one by one for each request, hence the limit. Used by one
 * thread.
 */
final class WorkersConf {
    private static final String HEADER = """
            # Rollcall: workers with connection reuse. Written by the agent; do not edit. Read at any reload of httpd.
            """;

    /** The path cannot be one of a request, so the line makes a worker and routes nothing. A section each would be searched as well. */
    private static final String LINE =
            "ProxyPass \"rollcall\" \"http://%s\" enablereuse=on connectiontimeout=${ROLLCALL_CONNECT_TIMEOUT} upgrade=websocket ttl=30\n";

    private final int most;
    private final TreeMap<Target, Integer> services = new TreeMap<>(); // how many have it
    private Table<Lines> counted = Table.empty();

    WorkersConf(int most) {
        this.most = most;
    }

    String of(Table<Lines> lines) {
        for (String name : lines.changedSince(counted)) {
            count(counted.get(name), -1);
            count(lines.get(name), 1);
        }
        counted = lines;
        StringBuilder text = new StringBuilder(HEADER);
        services.keySet().stream().limit(most).forEach(target -> text.append(LINE.formatted(target)));
        return text.toString();
    }

    private void count(@Nullable Lines lines, int by) {
        if (lines == null) {
            return;
        }
        for (Target target : lines.targets()) {
            int now = services.getOrDefault(target, 0) + by;
            if (now == 0) {
                services.remove(target);
            } else {
                services.put(target, now);
            }
        }
    }
}
