package io.rollcall.apache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** The maps as the agent publishes them, from lines written by hand. */
final class TestMaps {
    private final Path directory;
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
        publish("");
    }

    /** Waits until an agent has published there. */
    static void await(Path directory) {
        Awaitility.await()
                .until(() -> Files.exists(directory.resolve("backends.map"))
                        && Files.exists(directory.resolve("dice.map"))
                        && Files.exists(directory.resolve("successors.map")));
    }

    Path directory() {
        return directory;
    }

    /** Publishes a map; the successors follow from it. */
    TestMaps publish(String backends) throws IOException {
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

    private void replace(String name, String text) throws IOException {
        Path file = directory.resolve(name + ".new");
        Files.writeString(file, text);
        Instant now = Instant.now();
        last = now.isAfter(last) ? now : last.plus(Duration.ofNanos(1000));
        Files.setLastModifiedTime(file, FileTime.from(last));
        Files.move(file, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
