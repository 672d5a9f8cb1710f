package io.rollcall.agent.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.OrderNode;
import io.rollcall.agent.watch.Orders;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Excerpt;
import io.rollcall.registry.Instance;
import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.OrderCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot on disk: a first line {@code rollcall-snapshot 1 <crc32>} and JSON of which that is the sum, so that a file that
 * was cut short or damaged is told from a whole one.
 */
public final class SnapshotFile {
    /** A snapshot that is there but cannot be used. */
    public static final class CorruptException extends Exception {
        private static final long serialVersionUID = 1L;

        CorruptException(String message) {
            super(message);
        }
    }

    private record NodeDoc(
            String service,
            String name,
            long czxid,
            long mzxid,
            @Nullable Instance instance,
            @Nullable String malformed) {}

    private record OrderDoc(
            String service,
            String id,
            long czxid,
            long mzxid,
            int version,
            @Nullable String order,
            @Nullable String malformed) {}

    /**
     * The whole.
     *
     * @param known by name the milliseconds since 1970 when its last backend went, or 0 while it has one
     * @param orders none in a snapshot of an agent that knew no orders
     */
    private record Doc(
            List<NodeDoc> nodes,
            NavigableMap<String, Long> known,
            @Nullable List<OrderDoc> orders) {}

    private static final String MAGIC = "rollcall-snapshot 1 ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    public SnapshotFile(Path file) {
        this.file = file;
    }

    /** Empty if there is none. */
    public Optional<Snapshot> read() throws IOException, CorruptException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        int end = text.indexOf('\n');
        byte[] json = text.substring(end + 1).getBytes(StandardCharsets.ISO_8859_1);
        if (end < 0 || !text.substring(0, end).equals(MAGIC + sum(json))) {
            throw new CorruptException(file + ": " + text.length() + " bytes (expected: a first line '" + MAGIC
                    + "<sum>' and JSON of that sum)");
        }
        try {
            return Optional.of(snapshot(JSON.readValue(json, Doc.class)));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new CorruptException(
                    file + ": " + Excerpt.of(e.toString()) + " (expected: a snapshot of this version)");
        }
    }

    public void write(Snapshot snapshot) throws IOException {
        byte[] json = JSON.writeValueAsBytes(doc(snapshot));
        byte[] head = (MAGIC + sum(json) + "\n").getBytes(StandardCharsets.US_ASCII);
        Path parent = Optional.ofNullable(file.getParent()).orElseThrow();
        Files.createDirectories(parent);
        Path temporary = parent.resolve("." + file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer[] parts = {ByteBuffer.wrap(head), ByteBuffer.wrap(json)};
            while (parts[1].hasRemaining()) {
                out.write(parts);
            }
            out.force(false);
        } catch (IOException e) {
            Files.deleteIfExists(temporary); // half a snapshot would keep a full disk full
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Moves a corrupt file aside, where it can be looked at. */
    public Path setAside() throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".corrupt");
        return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Doc doc(Snapshot snapshot) {
        List<NodeDoc> nodes = new ArrayList<>();
        snapshot.facts()
                .roll()
                .services()
                .values()
                .forEach(service -> service.values().forEach(node -> nodes.add(doc(node))));
        TreeMap<String, Long> known = new TreeMap<>();
        snapshot.known()
                .since()
                .forEach((name, gone) ->
                        known.put(name, gone.map(Instant::toEpochMilli).orElse(0L)));
        List<OrderDoc> orders =
                snapshot.facts().orders().all().stream().map(SnapshotFile::doc).toList();
        return new Doc(nodes, known, orders);
    }

    private static NodeDoc doc(Node node) {
        Node.Content content = node.content();
        return new NodeDoc(
                node.service(),
                node.name(),
                node.czxid(),
                node.mzxid(),
                content instanceof Node.Content.Valid valid ? valid.instance() : null,
                content instanceof Node.Content.Malformed malformed ? malformed.reason() : null);
    }

    private static OrderDoc doc(OrderNode node) {
        OrderNode.Content content = node.content();
        return new OrderDoc(
                node.service(),
                node.id(),
                node.key().czxid(),
                node.key().mzxid(),
                node.version(),
                content instanceof OrderNode.Content.Valid valid
                        ? new String(OrderCodec.encode(valid.order()), StandardCharsets.UTF_8)
                        : null,
                content instanceof OrderNode.Content.Malformed malformed ? malformed.reason() : null);
    }

    private static OrderNode order(OrderDoc doc) {
        OrderNode.Content content = new OrderNode.Content.Malformed(
                Optional.ofNullable(doc.malformed).orElse("malformed"));
        if (doc.order != null) {
            try {
                content = new OrderNode.Content.Valid(OrderCodec.decode(doc.order.getBytes(StandardCharsets.UTF_8)));
            } catch (MalformedNodeException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return new OrderNode(doc.service, doc.id, new OrderNode.Key(doc.czxid, doc.mzxid), doc.version, content);
    }

    private static Snapshot snapshot(Doc doc) {
        TreeMap<String, Optional<Instant>> known = new TreeMap<>();
        doc.known.forEach((name, gone) ->
                known.put(name, gone == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(gone))));
        Roll roll = Roll.of(doc.nodes.stream().map(SnapshotFile::node).toList());
        List<OrderDoc> orders = Optional.ofNullable(doc.orders).orElse(List.of());
        return new Snapshot(
                new Facts(
                        roll, Orders.of(orders.stream().map(SnapshotFile::order).toList())),
                new KnownNames(known));
    }

    private static Node node(NodeDoc doc) {
        Node.Content content = doc.instance == null
                ? new Node.Content.Malformed(Optional.ofNullable(doc.malformed).orElse("malformed"))
                : new Node.Content.Valid(doc.instance);
        return new Node(doc.service, doc.name, doc.czxid, doc.mzxid, content);
    }

    private static String sum(byte[] json) {
        CRC32 crc = new CRC32();
        crc.update(json);
        return String.format("%08x", crc.getValue());
    }
}
