package io.rollcall.deploy.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What httpd reads at this moment, for people: the addresses of each service in {@code backends.map}. */
public final class Maps {
    private static final Pattern ADDRESSES = Pattern.compile("[0-9.:|\\[\\]a-f]*:[0-9.:|\\[\\]a-f]*");

    private Maps() {}

    /** Services and the addresses that get requests; a service without any is known, and answers 503. */
    public static NavigableMap<String, NavigableSet<String>> present(Path maps) {
        NavigableMap<String, NavigableSet<String>> present = new TreeMap<>();
        for (String line : lines(maps.resolve("backends.map"))) {
            String[] words = line.split(" ", 2);
            if (words.length < 2 || words[0].startsWith("#")) {
                continue;
            }
            NavigableSet<String> addresses =
                    present.computeIfAbsent(words[0].replaceFirst("/.*", ""), key -> new TreeSet<>());
            if (ADDRESSES.matcher(words[1]).matches()) {
                addresses.addAll(List.of(words[1].split("\\|")));
            }
        }
        return present;
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
