package io.rollcall.bench.contender;

import io.rollcall.bench.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * A contender's folder, port and the words of its configuration.
 *
 * @param source its folder in the tree
 * @param directory its folder of this run
 */
record Setup(Setting setting, Path source, Path directory, int port, Map<String, String> words) {
    /** As many names as there are where only one is asked. */
    static final int FEW = 10;

    static Setup of(Setting setting, String name) throws IOException {
        Path directory = setting.place().folder(name);
        int port = Port.free();
        Map<String, String> words = new HashMap<>();
        words.put("DIR", directory.toString());
        words.put("PORT", Integer.toString(port));
        words.put("USER", user());
        words.put("CHILDREN", Integer.toString(setting.children()));
        words.put("THREADS", Integer.toString(Setting.THREADS));
        words.put("ALL", Integer.toString(Setting.THREADS * setting.children()));
        words.put("MODULES", System.getProperty("rollcall.httpd.modules", "/usr/lib/apache2/modules"));
        words.put("CONF", setting.place().top().resolve("apache/conf").toString());
        for (int i = 1; i <= 3; i++) {
            words.put("BACKEND" + i, setting.names().addresses().get(i - 1));
        }
        return new Setup(setting, setting.configurations().resolve(name), directory, port, words);
    }

    /** Who serves, where root starts the servers. */
    static String user() throws IOException {
        return Files.readString(Path.of("/etc/passwd")).contains("\nwww-data:") ? "www-data" : "nobody";
    }

    /** A configuration of the tree, filled in. */
    Path fill(String file) throws IOException {
        return Template.fill(source.resolve(file), words, directory.resolve(file));
    }

    /** Where each name is at first. */
    Map<String, String> homes() {
        return homes(setting.names());
    }

    static Map<String, String> homes(Names names) {
        Map<String, String> homes = new TreeMap<>();
        for (int i = 0; i < names.count(); i++) {
            homes.put(names.name(i), names.home(i));
        }
        return homes;
    }

    /** A line for each name, replacing the file so that nobody reads half of it. */
    void write(String file, String head, Map<String, String> addresses, BiFunction<String, String, String> line)
            throws IOException {
        Path temporary = directory.resolve(file + ".new");
        Files.writeString(
                temporary,
                head
                        + addresses.entrySet().stream()
                                .map(entry -> line.apply(entry.getKey(), entry.getValue()))
                                .collect(Collectors.joining()));
        Files.move(
                temporary,
                directory.resolve(file),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
