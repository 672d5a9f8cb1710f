package io.rollcall.agent.publish;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.rollcall.agent.sdbm.SdbmReader;
import io.rollcall.agent.view.Service;
import io.rollcall.agent.view.Standing;
import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Services, a publisher of them whose background is run by hand, and what httpd would find in its files. */
final class HashingSite {
    final Queue<Runnable> background = new ArrayDeque<>();
    final Map<String, Service> services = new TreeMap<>();
    int asked = 5000; // names n0, n1, ... that are looked up
    private final Path dir;
    private long now;
    private long step; // by which it advances when it is looked at

    HashingSite(Path dir) {
        this.dir = dir;
    }

    void passes(Duration time) {
        now += time.toNanos();
    }

    /** Runs what is next in the background, which takes so long. */
    void runs(Duration time) {
        step = time.toNanos();
        background.remove().run();
        step = 0;
    }

    void put(String name, int... backends) {
        services.put(name, service(name, backends));
    }

    /** The names from n{@code first} to before n{@code end}. */
    void put(int first, int end, int... backends) {
        for (int i = first; i < end; i++) {
            put("n" + i + ".example.com", backends);
        }
    }

    Publisher publisher() {
        return new Publisher(dir, WorkersConf.upTo(10), background::add, () -> {}, Duration.ZERO, () -> now += step);
    }

    /** Until nothing is left to do. */
    void publish(Publisher publisher) throws IOException {
        passes(Duration.ofMinutes(1));
        publisher.publish(view());
        while (!background.isEmpty()) {
            background.remove().run();
            publisher.publish(view());
        }
    }

    void change(String name, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> services.remove(name);
            case 1 -> services.put(name, service(name));
            case 2 -> services.put(name, service(name, 1, 2));
            case 3 ->
                services.put(
                        name,
                        service(name, IntStream.range(0, 1 + random.nextInt(60)).toArray()));
            default -> services.put(name, service(name, random.nextInt(3)));
        }
    }

    void some(int count) {
        for (int i = 0; i < count; i++) {
            String name = "n" + i + ".example.com";
            services.put(name, i % 5 == 0 ? service(name, i, i + 1) : i % 7 == 0 ? service(name) : service(name, i));
        }
    }

    private static Service service(String name, int... backends) {
        return LinesTest.service(
                name,
                true,
                Arrays.stream(backends).mapToObj(i -> LinesTest.backend(i, 1)).toArray(Standing.Routable[]::new));
    }

    View view() {
        return LinesTest.view(services.values().toArray(Service[]::new));
    }

    private Map<String, Set<String>> published() {
        Map<String, Set<String>> published = new TreeMap<>();
        services.forEach((name, service) -> published.put(
                name,
                service.routable().stream()
                        .map(backend -> backend.target().toString())
                        .collect(Collectors.toCollection(TreeSet::new))));
        return published;
    }

    /** Names that do not give what was published; one that is gone may be known without a backend for a while. */
    Map<String, String> wrong() throws IOException {
        Map<String, Set<String>> found = lookedUp();
        Map<String, Set<String>> published = published();
        Set<String> names = new TreeSet<>(found.keySet());
        names.addAll(published.keySet());
        Map<String, String> wrong = new TreeMap<>();
        for (String name : names) {
            Set<String> expected = published.getOrDefault(name, Set.of());
            Set<String> given = found.get(name);
            boolean right = given == null ? !published.containsKey(name) : given.equals(expected);
            if (!right) {
                wrong.put(name, given + " (expected: " + expected + ")");
            }
        }
        return wrong;
    }

    Map<String, Set<String>> lookedUp() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        Map<String, String> text = text();
        try (SdbmReader reader = SdbmReader.open(dir.resolve("names.pag"))) {
            for (int i = 0; i < asked; i++) {
                lookUp("n" + i + ".example.com", text, reader, found);
            }
            lookUp("big.example.com", text, reader, found);
        }
        return found;
    }

    private void lookUp(String name, Map<String, String> text, SdbmReader reader, Map<String, Set<String>> found)
            throws IOException {
        String value = either(name, text, reader);
        if (value == null) {
            return;
        }
        Set<String> addresses = new TreeSet<>();
        for (String key : keys(name, value)) {
            String slots = key.equals(name) ? value : either(key, text, reader);
            for (String slot :
                    String.valueOf(slots).replaceFirst("^\\d+:(?=1=)", "").split("\\|")) {
                addresses.add(slot.replaceFirst("^\\d+=", ""));
            }
        }
        addresses.remove("-");
        found.put(name, addresses);
    }

    private static List<String> keys(String name, String value) {
        return value.matches("\\d+")
                ? IntStream.rangeClosed(1, Integer.parseInt(value))
                        .mapToObj(k -> name + "/" + k)
                        .toList()
                : List.of(name);
    }

    private static @Nullable String either(String key, Map<String, String> text, SdbmReader reader) throws IOException {
        byte[] bytes = key.getBytes(US_ASCII);
        byte[] hashed = reader.find(bytes, 0, bytes.length);
        return text.getOrDefault(key, hashed == null ? null : new String(hashed, US_ASCII));
    }

    @Nullable
    String hashed(String key) throws IOException {
        try (SdbmReader reader = SdbmReader.open(dir.resolve("names.pag"))) {
            return either(key, Map.of(), reader);
        }
    }

    Map<String, String> text() throws IOException {
        Map<String, String> text = new TreeMap<>();
        for (String line : Files.readAllLines(dir.resolve("backends.map"))) {
            if (!line.startsWith("#")) {
                text.put(line.split(" ")[0], line.split(" ")[1]);
            }
        }
        return text;
    }

    Object inode(String file) throws IOException {
        return Files.exists(dir.resolve(file)) ? Files.getAttribute(dir.resolve(file), "unix:ino") : "none";
    }
}
