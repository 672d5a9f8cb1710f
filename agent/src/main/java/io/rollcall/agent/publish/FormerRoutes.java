package io.rollcall.agent.publish;

import io.rollcall.agent.sdbm.SdbmReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who got requests by the maps that stand in a directory: those of the agent before. */
public final class FormerRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(FormerRoutes.class);

    private final Map<String, String> slots; // by key of the service, with bars between

    private FormerRoutes(Map<String, String> slots) {
        this.slots = slots;
    }

    /** Empty if there are none, or they cannot be read. */
    public static Optional<FormerRoutes> read(Path dir) {
        Map<String, String> slots = new HashMap<>();
        try {
            for (String line : Files.readAllLines(dir.resolve(Publisher.BACKENDS), StandardCharsets.UTF_8)) {
                int blank = line.indexOf(' ');
                if (blank > 0 && !line.startsWith("#")) {
                    add(slots, line.substring(0, blank), line.substring(blank + 1));
                }
            }
            Map<String, String> hashed = new HashMap<>();
            names(dir.resolve(Publisher.NAMES + ".pag")).forEach((key, value) -> add(hashed, key, value));
            hashed.forEach(slots::putIfAbsent); // of a service that stands in both the text counts
            return Optional.of(new FormerRoutes(slots));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("Who got requests before is not known: {}", e.toString());
            return Optional.empty();
        }
    }

    /** Whether requests for that key went there. */
    public boolean have(String key, String target) {
        for (String slot : slots.getOrDefault(key, "").split("\\|")) {
            if (slot.substring(slot.indexOf('=') + 1).equals(target)) { // in the hashed map they are numbered
                return true;
            }
        }
        return false;
    }

    private static Map<String, String> names(Path pag) throws IOException {
        if (!Files.exists(pag)) {
            return Map.of();
        }
        SdbmReader reader = SdbmReader.open(pag);
        try (reader) {
            return reader.all();
        }
    }

    /** The lines {@code name/7} are the service's, too. */
    private static void add(Map<String, String> slots, String key, String value) {
        int slash = key.indexOf('/');
        slots.merge(slash < 0 ? key : key.substring(0, slash), value, (a, b) -> a + "|" + b);
    }
}
