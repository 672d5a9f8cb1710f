package io.rollcall.agent.publish;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.agent.table.Table;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Instance;
import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.OrderCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A snapshot, or what differs between two, as JSON in pieces of some hundred names, so that nothing of it has to be large. */
final class SnapshotLines {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NAMES_IN_A_LINE = 500;

    /** For {@link Doc#known}. */
    private static final long HAS_BACKENDS = 0;

    private static final long FORGOTTEN = -1;

    private record NodeDoc(
            String name,
            long czxid,
            long mzxid,
            @Nullable Instance instance,
            @Nullable String malformed) {}

    private record OrderDoc(
            String id,
            long czxid,
            long mzxid,
            int version,
            @Nullable String order,
            @Nullable String malformed) {}

    /**
     * What is said of some names.
     *
     * @param services nodes by service, all of it; none: it is gone
     * @param orders the same
     * @param known by name the milliseconds since 1970 when its last backend went
     */
    private record Doc(
            Map<String, List<NodeDoc>> services, Map<String, List<OrderDoc>> orders, Map<String, Long> known) {}

    private final Snapshot snapshot;
    private final List<String> services;
    private final List<String> ordered;
    private final List<String> known;

    private SnapshotLines(
            Snapshot snapshot, Collection<String> services, Collection<String> ordered, Collection<String> known) {
        this.snapshot = snapshot;
        this.services = List.copyOf(services);
        this.ordered = List.copyOf(ordered);
        this.known = List.copyOf(known);
    }

    static SnapshotLines whole(Snapshot snapshot) {
        return new SnapshotLines(
                snapshot,
                snapshot.facts().roll().services().keySet(),
                snapshot.facts().orders().services().keySet(),
                snapshot.known().since().keySet());
    }

    static SnapshotLines changes(Snapshot before, Snapshot after) {
        return new SnapshotLines(
                after,
                after.facts()
                        .roll()
                        .services()
                        .changedSince(before.facts().roll().services()),
                after.facts()
                        .orders()
                        .services()
                        .changedSince(before.facts().orders().services()),
                after.known().since().changedSince(before.known().since()));
    }

    int count() {
        int longest = Math.max(services.size(), Math.max(ordered.size(), known.size()));
        return Math.max(1, (longest + NAMES_IN_A_LINE - 1) / NAMES_IN_A_LINE);
    }

    byte[] json(int line) throws IOException {
        Map<String, List<NodeDoc>> nodes = new TreeMap<>();
        for (String name : part(services, line)) {
            NavigableMap<String, Node> own = snapshot.facts().roll().services().get(name);
            nodes.put(name, docs(own, SnapshotLines::doc));
        }
        Map<String, List<OrderDoc>> orders = new TreeMap<>();
        for (String name : part(ordered, line)) {
            NavigableMap<String, OrderNode> own =
                    snapshot.facts().orders().services().get(name);
            orders.put(name, docs(own, SnapshotLines::doc));
        }
        Map<String, Long> names = new TreeMap<>();
        for (String name : part(known, line)) {
            Optional<Instant> gone = snapshot.known().since().get(name);
            names.put(
                    name,
                    gone == null ? FORGOTTEN : gone.map(Instant::toEpochMilli).orElse(HAS_BACKENDS));
        }
        return JSON.writeValueAsBytes(new Doc(nodes, orders, names));
    }

    private static List<String> part(List<String> names, int line) {
        int from = Math.min(names.size(), line * NAMES_IN_A_LINE);
        return names.subList(from, Math.min(names.size(), from + NAMES_IN_A_LINE));
    }

    /** @throws RuntimeException if they are not what {@link #json} made */
    static Snapshot read(List<ByteBuffer> lines) {
        Table.Edit<NavigableMap<String, Node>> services =
                Table.<NavigableMap<String, Node>>empty().edit();
        Table.Edit<NavigableMap<String, OrderNode>> orders =
                Table.<NavigableMap<String, OrderNode>>empty().edit();
        Table.Edit<Optional<Instant>> known = Table.<Optional<Instant>>empty().edit();
        List<Doc> docs = lines.parallelStream().map(SnapshotLines::parse).toList();
        for (Doc doc : docs) {
            doc.services.forEach((name, nodes) -> put(services, name, nodes, node -> node(name, node), Node::name));
            doc.orders.forEach((name, own) -> put(orders, name, own, order -> order(name, order), OrderNode::id));
            doc.known.forEach((name, gone) -> {
                if (gone == FORGOTTEN) {
                    known.remove(name);
                } else {
                    known.put(name, gone == HAS_BACKENDS ? Optional.empty() : Optional.of(Instant.ofEpochMilli(gone)));
                }
            });
        }
        return new Snapshot(
                new Facts(new Roll(services.done()), new Orders(orders.done())), new KnownNames(known.done()));
    }

    private static Doc parse(ByteBuffer json) {
        try {
            return JSON.readValue(json.array(), json.arrayOffset(), json.limit(), Doc.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <D, N> void put(
            Table.Edit<NavigableMap<String, N>> all,
            String service,
            List<D> docs,
            Function<D, N> read,
            Function<N, String> name) {
        TreeMap<String, N> nodes = new TreeMap<>();
        for (D doc : docs) {
            N node = read.apply(doc);
            nodes.put(name.apply(node), node);
        }
        if (nodes.isEmpty()) {
            all.remove(service);
        } else {
            all.put(service, Collections.unmodifiableNavigableMap(nodes));
        }
    }

    private static <N, D> List<D> docs(@Nullable NavigableMap<String, N> nodes, Function<N, D> doc) {
        return nodes == null ? List.of() : nodes.values().stream().map(doc).toList();
    }

    private static NodeDoc doc(Node node) {
        Node.Content content = node.content();
        return new NodeDoc(
                node.name(),
                node.czxid(),
                node.mzxid(),
                content instanceof Node.Content.Valid valid ? valid.instance() : null,
                content instanceof Node.Content.Malformed malformed ? malformed.reason() : null);
    }

    private static Node node(String service, NodeDoc doc) {
        Node.Content content = doc.instance == null
                ? new Node.Content.Malformed(Optional.ofNullable(doc.malformed).orElse("malformed"))
                : new Node.Content.Valid(doc.instance);
        return new Node(service, doc.name, doc.czxid, doc.mzxid, content);
    }

    private static OrderDoc doc(OrderNode node) {
        OrderNode.Content content = node.content();
        return new OrderDoc(
                node.id(),
                node.key().czxid(),
                node.key().mzxid(),
                node.version(),
                content instanceof OrderNode.Content.Valid valid
                        ? new String(OrderCodec.encode(valid.order()), StandardCharsets.UTF_8)
                        : null,
                content instanceof OrderNode.Content.Malformed malformed ? malformed.reason() : null);
    }

    private static OrderNode order(String service, OrderDoc doc) {
        OrderNode.Content content = new OrderNode.Content.Malformed(
                Optional.ofNullable(doc.malformed).orElse("malformed"));
        if (doc.order != null) {
            try {
                content = new OrderNode.Content.Valid(OrderCodec.decode(doc.order.getBytes(StandardCharsets.UTF_8)));
            } catch (MalformedNodeException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return new OrderNode(service, doc.id, new OrderNode.Key(doc.czxid, doc.mzxid), doc.version, content);
    }
}
