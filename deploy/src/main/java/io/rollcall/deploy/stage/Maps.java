package io.rollcall.deploy.stage;

import io.rollcall.agent.sdbm.SdbmReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What httpd reads at this moment, for people: the addresses of each service in {@code backends.map} and the hashed map. */
public final class Maps {
    private static final Pattern ADDRESSES = Pattern.compile("[0-9.:|\\[\\]a-f]*:[0-9.:|\\[\\]a-f]*");

    private Maps() {}

    /** Services and the addresses that get requests; a service without any is known, and answers 503. */
    public static NavigableMap<String, NavigableSet<String>> present(Path maps) {
        NavigableMap<String, NavigableSet<String>> text = new TreeMap<>();
        for (String line : lines(maps.resolve("backends.map"))) {
            String[] words = line.split(" ", 2);
            if (words.length == 2 && !words[0].startsWith("#")) {
                add(words[0], words[1], text);
            }
        }
        NavigableMap<String, NavigableSet<String>> present = new TreeMap<>();
        hashed(maps.resolve("names.pag")).forEach((key, value) -> add(key, value, present));
        present.putAll(text);
        return present;
    }

    private static void add(String key, String value, NavigableMap<String, NavigableSet<String>> services) {
        int slash = key.indexOf('/');
        if (key.indexOf(':') > 0) {
            return; // a successor
        }
        NavigableSet<String> addresses =
                services.computeIfAbsent(slash < 0 ? key : key.substring(0, slash), name -> new TreeSet<>());
        String slots = value.replaceFirst("^\\d+:(?=1=)", "").replaceAll("(?<=^|\\|)\\d+=", "");
        if (ADDRESSES.matcher(slots).matches()) {
            addresses.addAll(List.of(slots.split("\\|")));
        }
    }

    private static Map<String, String> hashed(Path pag) {
        try (SdbmReader reader = SdbmReader.open(pag)) {
            return reader.all();
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What httpd would find under this key, without looking at all the others. */
    public static Optional<String> lookUp(Path maps, String key) {
        for (String line : lines(maps.resolve("backends.map"))) {
            if (line.startsWith(key + " ")) {
                return Optional.of(line.substring(key.length() + 1));
            }
        }
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        try (SdbmReader reader = SdbmReader.open(maps.resolve("names.pag"))) {
            byte[] value = reader.find(bytes, 0, bytes.length);
            return value == null ? Optional.empty() : Optional.of(new String(value, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static boolean routes(Path maps, String service, String address) {
        Map<String, NavigableSet<String>> present = present(maps);
        return present.containsKey(service) && present.get(service).contains(address);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of(); // the stage is being closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
