package io.rollcall.agent.publish;

import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import java.util.TreeSet;

/**
 * The text of {@code workers.conf}: a declared worker per backend lets httpd reuse connections to it. httpd reads it whenever it
 * next reloads; nothing but speed depends on it. Workers are searched one by one for each request, hence the limit.
 */
final class WorkersConf {
    private static final String HEADER = """
            # Rollcall: workers with connection reuse. Written by the agent; do not edit. Read at any reload of httpd.
            """;

    private WorkersConf() {}

    static String of(View view, int most) {
        TreeSet<Target> targets = new TreeSet<>();
        for (Service service : view.services().values()) {
            service.routable().forEach(backend -> targets.add(backend.target()));
        }
        StringBuilder text = new StringBuilder(HEADER);
        targets.stream()
                .limit(most)
                .forEach(
                        target -> text.append("<Proxy \"http://")
                                .append(target)
                                .append(
                                        "\">\n  ProxySet enablereuse=on connectiontimeout=${ROLLCALL_CONNECT_TIMEOUT} upgrade=websocket ttl=30\n</Proxy>\n"));
        return text.toString();
    }
}
