package io.rollcall.agent.publish;

import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing.Routable;
import io.rollcall.agent.view.View;
import java.util.List;

/** The text of {@code successors.map}: for each backend of a service the one to try when it cannot be reached. */
final class SuccessorsMap {
    private static final String HEADER = """
            # Rollcall: where the second try goes. Written by the agent; do not edit.
            # name/address next-address
            """;

    private SuccessorsMap() {}

    static String of(View view) {
        StringBuilder text = new StringBuilder(HEADER);
        for (Service service : view.services().values()) {
            List<Routable> ring = service.known() ? service.routable() : List.of();
            for (int i = 0; i < ring.size() && ring.size() > 1; i++) {
                text.append(service.key())
                        .append('/')
                        .append(ring.get(i).target())
                        .append(' ')
                        .append(ring.get((i + 1) % ring.size()).target())
                        .append('\n');
            }
        }
        return text.toString();
    }
}
