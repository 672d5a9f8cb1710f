package io.rollcall.agent.watch;

import io.rollcall.agent.table.Table;
import io.rollcall.registry.Paths;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.zookeeper.data.Stat;

/** All orders at one moment: service as written, id, order. */
public record Orders(Table<NavigableMap<String, OrderNode>> services) {
    public static final Orders NONE = new Orders(Table.empty());

    public static Orders of(Collection<OrderNode> nodes) {
        Map<String, NavigableMap<String, OrderNode>> services = new HashMap<>();
        nodes.forEach(node ->
                services.computeIfAbsent(node.service(), key -> new TreeMap<>()).put(node.id(), node));
        services.replaceAll((service, orders) -> Collections.unmodifiableNavigableMap(orders));
        return new Orders(Table.copyOf(services));
    }

    public List<OrderNode> all() {
        return services.values().stream()
                .flatMap(orders -> orders.values().stream())
                .toList();
    }

    /** The orders below {@code <root>/orders}. */
    public static Subject<OrderNode, Orders> subject(Paths paths) {
        return new Subject<>() {
            @Override
            public String base() {
                return paths.orders();
            }

            @Override
            public String what() {
                return "orders";
            }

            @Override
            public OrderNode node(String service, String name, Stat stat, byte[] data) {
                OrderNode.Key key = new OrderNode.Key(stat.getCzxid(), stat.getMzxid());
                return new OrderNode(service, name, key, stat.getVersion(), OrderNode.decode(data));
            }

            @Override
            public OrderNode unreadable(String service, String name) {
                return malformed(service, name, "data: not readable by the agent (expected: READ permission)");
            }

            @Override
            public OrderNode unlisted(String service) {
                return malformed(
                        service, UNLISTED, "children: cannot be listed by the agent (expected: READ permission)");
            }

            @Override
            public Orders whole(Table<NavigableMap<String, OrderNode>> nodes) {
                return new Orders(nodes);
            }
        };
    }

    private static OrderNode malformed(String service, String name, String reason) {
        return new OrderNode(service, name, new OrderNode.Key(0, 0), 0, new OrderNode.Content.Malformed(reason));
    }
}
