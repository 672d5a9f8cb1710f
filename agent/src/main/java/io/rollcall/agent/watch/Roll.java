package io.rollcall.agent.watch;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything that the registry says, at one moment: service as written, node name, node.
 */
public record Roll(Map<String, NavigableMap<String, Node>> services) {
    public static final Roll EMPTY = new Roll(Map.of());

    public Roll {
        services = Map.copyOf(services);
    }

    public static Roll of(Collection<Node> nodes) {
        Map<String, NavigableMap<String, Node>> services = nodes.stream()
                .collect(Collectors.groupingBy(
                        Node::service,
                        Collectors.collectingAndThen(
                                Collectors.toMap(Node::name, node -> node, (a, b) -> b, TreeMap::new),
                                Collections::unmodifiableNavigableMap)));
        return new Roll(services);
    }

    public int size() {
        return services.values().stream().mapToInt(Map::size).sum();
    }
}
