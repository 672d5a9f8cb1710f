package io.rollcall.agent.presence;

import io.rollcall.registry.Excerpt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.regex.Pattern;

/** The name under which this agent is known in the registry: made once, and kept in a file. */
final class AgentId {
    static final String FILE = "agent-id";

    /** As a znode's name and in a sentence; {@code registrar} is whose ack that is not an agent's. */
    private static final Pattern VALID = Pattern.compile("(?!registrar$)[a-zA-Z0-9][a-zA-Z0-9_.-]{0,99}");

    private static final int LONGEST_HOST = 40;

    private AgentId() {}

    /** The id in {@code dir}, which is made if there is none. */
    static String in(Path dir) throws IOException {
        Path file = dir.resolve(FILE);
        try {
            String id = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (!VALID.matcher(id).matches()) {
                throw new IOException(file + ": '" + Excerpt.of(id)
                        + "' (expected: a name such as web1-1a2b3c4d; delete the file, and a new one is made)");
            }
            return id;
        } catch (NoSuchFileException e) {
            String id = shortHost() + String.format("-%08x", new SecureRandom().nextInt());
            write(file, id);
            return id;
        }
    }

    /** What the machine is called: known without asking any name service. */
    static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "host";
        }
    }

    private static String shortHost() {
        String host = host().replaceFirst("\\..*", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]|^-+", "");
        return host.isEmpty() ? "host" : host.substring(0, Math.min(host.length(), LONGEST_HOST));
    }

    /** For good: an id that a crash took back would be one more agent that is known and never comes back. */
    private static void write(Path file, String id) throws IOException {
        Path temporary = file.resolveSibling("." + FILE + ".new");
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap((id + "\n").getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(false);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
