package io.rollcall.apache;

import io.rollcall.agent.sdbm.PageLayout;
import io.rollcall.agent.sdbm.Sdbm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** The maps as the agent publishes them, from lines written by hand. */
final class TestMaps {
    private final Path directory;
    private boolean hashed;
    private Instant last = Instant.now().minus(Duration.ofHours(1));

    TestMaps(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        StringBuilder dice = new StringBuilder("# rollcall 1\n");
        for (int n = 2; n <= 200; n++) {
            String faces =
                    IntStream.rangeClosed(1, n).mapToObj(Integer::toString).collect(Collectors.joining("|"));
            dice.append(n).append(' ').append(faces).append('\n');
        }
        replace("dice.map", dice.toString());
        hash(Map.of());
        publish("");
    }

    /** Waits until an agent has published there. */
    static void await(Path directory) {
        Awaitility.await()
                .until(() -> Files.exists(directory.resolve("backends.map"))
                        && Files.exists(directory.resolve("names.pag"))
                        && Files.exists(directory.resolve("dice.map"))
                        && Files.exists(directory.resolve("successors.map")));
    }

    Path directory() {
        return directory;
    }

    /** From now on the backends are published as that way reads them; in the hashed map, as if they were many. */
    TestMaps as(Way way) {
        hashed = way == Way.HASHED;
        return this;
    }

    /** Publishes a map; the successors follow from it. */
    TestMaps publish(String backends) throws IOException {
        if (hashed) {
            Map<String, String> pairs = new TreeMap<>();
            backends.lines().map(line -> line.split(" ")).forEach(pair -> pairs.put(pair[0], numbered(pair[1])));
            hash(pairs);
            replace("successors.map", "# rollcall 1\n");
            replace("backends.map", "# rollcall 1\n");
            return this;
        }
        hash(Map.of());
        StringBuilder successors = new StringBuilder("# rollcall 1\n");
        backends.lines()
                .map(line -> line.split(" "))
                .filter(line -> line.length == 2)
                .forEach(line -> {
                    List<String> ring =
                            Arrays.stream(line[1].split("\\|")).distinct().toList();
                    for (int i = 0; ring.size() > 1 && i < ring.size(); i++) {
                        String next = ring.get((i + 1) % ring.size());
                        successors.append(line[0] + "/" + ring.get(i) + " " + next + "\n");
                    }
                });
        replace("successors.map", successors.toString());
        replace("backends.map", "# rollcall 1\n" + backends);
        return this;
    }

    /** Publishes successors that do not follow from the backends. */
    TestMaps successors(String text) throws IOException {
        replace("successors.map", text);
        return this;
    }

    /** Declares workers, which httpd reads when it next starts. */
    TestMaps workers(String text) throws IOException {
        replace("workers.conf", text);
        return this;
    }

    private static String numbered(String slots) {
        String[] parts = slots.split("\\|");
        StringBuilder numbered = new StringBuilder(parts.length + ":");
        for (int i = 0; i < parts.length; i++) {
            numbered.append(i == 0 ? "" : "|").append(i + 1).append('=').append(parts[i]);
        }
        return parts.length == 1 ? slots : numbered.toString();
    }

    private void hash(Map<String, String> pairs) throws IOException {
        PageLayout layout = PageLayout.of(List.copyOf(pairs.entrySet()), 0);
        ByteArrayOutputStream pages = new ByteArrayOutputStream();
        layout.write(Channels.newChannel(pages), 1);
        replace("names.dir", Sdbm.directory(layout.depth()));
        replace("names.pag", pages.toByteArray());
    }

    private void replace(String name, String text) throws IOException {
        replace(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void replace(String name, byte[] bytes) throws IOException {
        Path file = directory.resolve(name + ".new");
        Files.write(file, bytes);
        Instant now = Instant.now();
        last = now.isAfter(last) ? now : last.plus(Duration.ofNanos(1000));
        Files.setLastModifiedTime(file, FileTime.from(last));
        Files.move(file, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
