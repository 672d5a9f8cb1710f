package io.rollcall.bench.contender;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names in an sdbm file, changed in place by {@code httxt2dbm}, which adds and replaces but cannot remove. */
final class Dbm extends Routes {
    private static final String NOWHERE = "127.0.0.1:1";

    private final Path file;

    Dbm(Path file) {
        this.file = file;
    }

    void write(Map<String, String> addresses) throws Exception {
        StringBuilder text = new StringBuilder();
        addresses.forEach((name, address) -> text.append(line(name, address)));
        add(text.toString());
        for (String suffix : List.of(".dir", ".pag")) {
            Files.setPosixFilePermissions(
                    file.resolveSibling(file.getFileName() + suffix), PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    @Override
    void changed(String name, Optional<String> before, Optional<String> address) throws Exception {
        add(line(name, address.orElse(NOWHERE)));
    }

    private static String line(String name, String address) {
        return name + " http://" + address + "\n";
    }

    private void add(String lines) throws Exception {
        Tools.run(List.of("httxt2dbm", "-f", "SDBM", "-i", "-", "-o", file.toString()), Optional.of(lines));
    }
}
