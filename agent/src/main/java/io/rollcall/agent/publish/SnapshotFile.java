package io.rollcall.agent.publish;

import io.rollcall.registry.Excerpt;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot on disk: a first line {@code rollcall-snapshot 2 <n>}, then n lines that are the whole, and a line for what changed each
 * time after that. A line is JSON, a space, and the sum of the JSON, so that a file that was cut short or damaged is told from a whole
 * one. So a change costs what changed, and the whole is written anew when the changes have become as long. Used by one thread.
 *
 * <p>The whole counts whole or not at all. Of the changes count those up to the first line that is damaged, or was being written. A
 * change of many names has several lines and may so be known in part; each name is then as it was at some time, as if it had been
 * read from the registry at that time.
 */
public final class SnapshotFile {
    /** A snapshot that is there but cannot be used. */
    public static final class CorruptException extends Exception {
        private static final long serialVersionUID = 1L;

        CorruptException(String message) {
            super(message);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFile.class);
    private static final String MAGIC = "rollcall-snapshot 2 ";
    private static final int SUM = " 00000000".length();

    /** What is smaller is written whole each time: that costs no more. */
    private static final long LEAST = 128 * 1024;

    private final Path file;
    private @Nullable Snapshot written; // what the file has, if that is known
    private long whole; // bytes that were written as the whole
    private final CRC32 all = new CRC32(); // of the bytes in the file
    private long length; // how many they are

    public SnapshotFile(Path file) {
        this.file = file;
    }

    /** What to start from. One that is damaged is set aside; that is said. */
    public Optional<Snapshot> restore() {
        try {
            Optional<Snapshot> snapshot = read();
            snapshot.ifPresent(read -> LOG.info(
                    "Going on from the snapshot: {} backends",
                    read.facts().roll().size()));
            return snapshot;
        } catch (CorruptException e) {
            LOG.error("Snapshot: {}; the maps stay as they are until the registry is read", e.getMessage());
            keepAside();
        } catch (IOException e) {
            LOG.error("Snapshot: {}; the maps stay as they are until the registry is read", e.toString());
        }
        return Optional.empty();
    }

    private void keepAside() {
        try {
            LOG.error("The damaged snapshot is kept as {}", setAside());
        } catch (IOException e) {
            LOG.warn("The damaged snapshot could not be set aside: {}", e.toString());
        }
    }

    /** Empty if there is none. */
    public Optional<Snapshot> read() throws IOException, CorruptException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        begin();
        count(bytes);
        List<ByteBuffer> lines = lines(bytes);
        try {
            int expected = header(lines);
            if (lines.size() - 1 < expected) {
                throw new IllegalArgumentException(lines.size() + " lines (expected: " + (expected + 1) + " or more)");
            }
            List<Checked> checked = lines.subList(1, lines.size()).parallelStream()
                    .map(SnapshotFile::check)
                    .toList();
            int good = (int) checked.stream().takeWhile(Checked::good).count();
            if (good < expected) {
                throw new IllegalArgumentException(checked.get(good).problem());
            }
            if (good < checked.size()) {
                LOG.warn(
                        "{}: line {} of {}: {}; going on with those before it",
                        file,
                        good + 2,
                        lines.size(),
                        checked.get(good).problem());
            }
            return Optional.of(SnapshotLines.read(
                    checked.stream().limit(good).map(Checked::json).toList()));
        } catch (RuntimeException e) {
            throw new CorruptException(file + ": " + bytes.length + " bytes: " + Excerpt.of(e.toString())
                    + " (expected: a snapshot of this version)");
        }
    }

    /** What the file had when it was last read or written, in a few characters: no other content is likely to have the same. */
    public String sum() {
        return length + String.format(Locale.ROOT, " %08x", all.getValue());
    }

    private void begin() {
        all.reset();
        length = 0;
    }

    private void count(byte[] bytes) {
        all.update(bytes);
        length += bytes.length;
    }

    private static List<ByteBuffer> lines(byte[] bytes) {
        List<ByteBuffer> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                lines.add(ByteBuffer.wrap(bytes, from, i - from).slice());
                from = i + 1;
            }
        }
        return lines;
    }

    private static int header(List<ByteBuffer> lines) {
        String first = lines.isEmpty()
                ? ""
                : StandardCharsets.ISO_8859_1.decode(lines.get(0).duplicate()).toString();
        if (!first.startsWith(MAGIC)) {
            throw new IllegalArgumentException("'" + Excerpt.of(first) + "' (expected: " + MAGIC + "<lines>)");
        }
        return Integer.parseInt(first.substring(MAGIC.length()));
    }

    /**
     * A line that was read.
     *
     * @param problem empty if its sum is right
     */
    private record Checked(ByteBuffer json, String problem) {
        boolean good() {
            return problem.isEmpty();
        }
    }

    private static Checked check(ByteBuffer line) {
        ByteBuffer json = line.slice(0, Math.max(0, line.limit() - SUM));
        String sum = StandardCharsets.ISO_8859_1
                .decode(line.slice(json.limit(), line.limit() - json.limit()))
                .toString();
        boolean right = sum.equals(sum(json));
        return new Checked(
                json, right ? "" : "its sum is '" + Excerpt.of(sum.strip()) + "' (expected:" + sum(json) + ")");
    }

    public void write(Snapshot snapshot) throws IOException {
        Snapshot before = written;
        written = null;
        if (before == null || !append(before, snapshot)) {
            writeWhole(snapshot);
        }
        written = snapshot;
    }

    private void writeWhole(Snapshot snapshot) throws IOException {
        Path parent = Optional.ofNullable(file.getParent()).orElseThrow();
        Files.createDirectories(parent);
        Path temporary = parent.resolve("." + file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            OutputStream buffered = new BufferedOutputStream(Channels.newOutputStream(out), 1 << 16);
            SnapshotLines lines = SnapshotLines.whole(snapshot);
            begin();
            byte[] header = (MAGIC + lines.count() + "\n").getBytes(StandardCharsets.US_ASCII);
            buffered.write(header);
            count(header);
            for (int i = 0; i < lines.count(); i++) {
                byte[] line = line(lines.json(i));
                buffered.write(line);
                count(line);
            }
            buffered.flush();
            whole = out.position();
            out.force(false);
        } catch (IOException e) {
            Files.deleteIfExists(temporary); // half a snapshot would keep a full disk full
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Tells whether it did: it does not if the whole is short, or the changes have become long, or the file is not ours. */
    private boolean append(Snapshot before, Snapshot snapshot) throws IOException {
        if (whole < LEAST) {
            return false;
        }
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long end = out.size();
            if (end < whole || end > 2 * whole) {
                return false;
            }
            SnapshotLines changes = SnapshotLines.changes(before, snapshot);
            try {
                out.position(end);
                for (int i = 0; i < changes.count(); i++) {
                    byte[] line = line(changes.json(i));
                    ByteBuffer rest = ByteBuffer.wrap(line);
                    while (rest.hasRemaining()) {
                        out.write(rest);
                    }
                    count(line);
                }
                out.force(false);
            } catch (IOException e) {
                out.truncate(end);
                throw e;
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static byte[] line(byte[] json) {
        byte[] end = (sum(ByteBuffer.wrap(json)) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(json.length + end.length).put(json).put(end).array();
    }

    /** Moves a corrupt file aside, where it can be looked at. */
    public Path setAside() throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".corrupt");
        return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String sum(ByteBuffer json) {
        CRC32 crc = new CRC32();
        crc.update(json.duplicate());
        return String.format(Locale.ROOT, " %08x", crc.getValue());
    }
}
