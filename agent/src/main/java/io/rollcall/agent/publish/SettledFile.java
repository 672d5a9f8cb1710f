package io.rollcall.agent.publish;

import io.rollcall.agent.watch.OrderNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The orders that this agent has said it will not go back on, a line each: {@code czxid mzxid} in hexadecimal. Apart from the snapshot,
 * which may be large: it is written before that is said to anybody.
 */
public final class SettledFile {
    private final Path file;

    public SettledFile(Path file) {
        this.file = file;
    }

    public Set<OrderNode.Key> read() throws IOException {
        Set<OrderNode.Key> keys = new HashSet<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                String[] parts = line.split(" ", -1);
                if (parts.length != 2) {
                    throw new IOException(file + ": '" + line + "' (expected: czxid mzxid)");
                }
                keys.add(new OrderNode.Key(Long.parseUnsignedLong(parts[0], 16), Long.parseUnsignedLong(parts[1], 16)));
            }
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (NumberFormatException e) {
            throw new IOException(file + ": " + e.getMessage() + " (expected: czxid mzxid)", e);
        }
        return Set.copyOf(keys);
    }

    /** Returns when the disk has it. */
    public void write(Set<OrderNode.Key> keys) throws IOException {
        String text = keys.stream()
                .map(key -> Long.toHexString(key.czxid()) + " " + Long.toHexString(key.mzxid()) + "\n")
                .sorted()
                .collect(Collectors.joining());
        Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(false);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
