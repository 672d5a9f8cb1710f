package io.rollcall.agent.watch;

import io.rollcall.agent.table.Table;
import io.rollcall.registry.Paths;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.zookeeper.data.Stat;

/**
 * Everything that the registry says, at one moment: service as written, node name, node.
 */
public record Roll(Table<NavigableMap<String, Node>> services) {
    public static final Roll EMPTY = new Roll(Table.empty());

    public static Roll of(Collection<Node> nodes) {
        Map<String, NavigableMap<String, Node>> services = nodes.stream()
                .collect(Collectors.groupingBy(
                        Node::service,
                        Collectors.collectingAndThen(
                                Collectors.toMap(Node::name, node -> node, (a, b) -> b, TreeMap::new),
                                Collections::unmodifiableNavigableMap)));
        return new Roll(Table.copyOf(services));
    }

    /** The backends below {@code <root>/services}. */
    public static Subject<Node, Roll> subject(Paths paths) {
        return new Subject<>() {
            @Override
            public String base() {
                return paths.services();
            }

            @Override
            public String what() {
                return "services";
            }

            @Override
            public Node node(String service, String name, Stat stat, byte[] data) {
                return Node.of(service, name, stat.getCzxid(), stat.getMzxid(), data);
            }

            @Override
            public Node unreadable(String service, String name) {
                return Node.unreadable(service, name);
            }

            @Override
            public Node unlisted(String service) {
                return Node.unlisted(service);
            }

            @Override
            public Roll whole(Table<NavigableMap<String, Node>> nodes) {
                return new Roll(nodes);
            }
        };
    }

    /** This, and these besides. */
    public Roll with(Collection<Node> nodes) {
        Map<String, NavigableMap<String, Node>> more = new HashMap<>();
        nodes.forEach(node -> more.computeIfAbsent(
                        node.service(), service -> new TreeMap<>(services.getOrDefault(service, new TreeMap<>())))
                .put(node.name(), node));
        more.replaceAll((service, all) -> Collections.unmodifiableNavigableMap(all));
        return new Roll(services.edit().putAll(more).done());
    }

    public int size() {
        return services.values().stream().mapToInt(Map::size).sum();
    }
}
