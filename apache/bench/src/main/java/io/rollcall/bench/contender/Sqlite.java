package io.rollcall.bench.contender;

import io.rollcall.bench.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Names in a table, changed by one {@code sqlite3} that stays. */
final class Sqlite extends Routes {
    private static final String DONE = "done";

    private final Process program;
    private final Writer in;
    private final BufferedReader out;

    private Sqlite(Process program) {
        this.program = program;
        this.in = program.outputWriter(StandardCharsets.US_ASCII);
        this.out = program.inputReader(StandardCharsets.US_ASCII);
    }

    static Sqlite create(Path file, Map<String, String> first) throws IOException {
        Sqlite sqlite = new Sqlite(new ProcessBuilder("sqlite3", "-bail", file.toString())
                .redirectErrorStream(true)
                .start());
        sqlite.begin(first);
        StringBuilder text = new StringBuilder("""
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = OFF;
                CREATE TABLE names (name TEXT PRIMARY KEY, address TEXT NOT NULL) WITHOUT ROWID;
                BEGIN;
                """);
        first.forEach((name, address) -> text.append(put(name, address)));
        sqlite.say(text.append("COMMIT;\n").toString());
        // The server's other files of the database, for its own user too.
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            Path part = file.resolveSibling(file.getFileName() + suffix);
            if (java.nio.file.Files.exists(part)) {
                java.nio.file.Files.setPosixFilePermissions(
                        part, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
            }
        }
        return sqlite;
    }

    @Override
    void changed(String name, Optional<String> before, Optional<String> address) throws IOException {
        say(address.map(to -> put(name, to)).orElse("DELETE FROM names WHERE name = '" + name + "';\n"));
    }

    @Override
    public double updaterSeconds() {
        return Processes.of(program.pid()).cpuSeconds();
    }

    private static String put(String name, String address) {
        return "REPLACE INTO names VALUES ('" + name + "', '" + address + "');\n";
    }

    /** Returns when it is done. */
    private void say(String statements) throws IOException {
        in.write(statements + "SELECT '" + DONE + "';\n");
        in.flush();
        for (String line = out.readLine(); !DONE.equals(line); line = out.readLine()) {
            if (line == null || line.contains("rror")) {
                throw new IOException("sqlite3: " + line);
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
        program.destroy();
    }
}
