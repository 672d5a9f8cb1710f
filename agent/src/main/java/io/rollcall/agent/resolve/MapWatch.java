package io.rollcall.agent.resolve;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the table of a map file that is replaced while it is read.
 *
 * <p>A thread of its own is told by the kernel of changes in the directory, and looks once a second in case it was not (another
 * kind of file system, too many watches, a directory that was itself replaced). Whatever is wrong with the file, the last good
 * table stays; what is wrong is said once. No lambdas, streams or records here or in what it calls: setting those up would double
 * the time that httpd waits for the resolver to start.
 */
final class MapWatch extends Thread implements Supplier<Table>, AutoCloseable {
    private static final int LOOK_SECONDS = 1;
    private static final int PATIENCE_MILLIS = 100;

    private final Path file;
    private final Path directory;
    private final PrintStream log;
    private final Random random;

    /** Written by the loading thread, read by the one that looks up. */
    private volatile Table table = Table.EMPTY;

    /** The rest belongs to the loading thread. */
    private @Nullable BasicFileAttributes loaded;

    private String complaint = "";

    MapWatch(Path directory, PrintStream log, Random random) {
        super("map-watch");
        setDaemon(true);
        this.directory = directory;
        this.file = directory.resolve("backends.map");
        this.log = log;
        this.random = random;
    }

    @Override
    public Table get() {
        return table;
    }

    /** Loads the file if it is another than the one loaded. */
    void refresh() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            if (!isLoaded(now)) {
                MapParser.Parsed parsed = MapParser.parse(read(), table, random);
                table = parsed.table();
                loaded = now;
                complain(parsed.bad() == 0 ? "" : parsed.bad() + " left out, first " + parsed.firstBad());
            }
        } catch (NoSuchFileException e) {
            keep("no such file");
        } catch (IOException | MalformedMapException e) {
            keep(String.valueOf(e.getMessage()));
        } catch (RuntimeException | OutOfMemoryError e) {
            keep(e.toString());
        }
    }

    /** The agent gives each publication a later time, and a rename another file. */
    private boolean isLoaded(BasicFileAttributes now) {
        return loaded != null
                && loaded.lastModifiedTime().equals(now.lastModifiedTime())
                && loaded.size() == now.size()
                && Objects.equals(loaded.fileKey(), now.fileKey());
    }

    private byte[] read() throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return in.readAllBytes();
        }
    }

    private void keep(String problem) {
        loaded = null;
        complain(problem
                + (table.size() == 0
                        ? "; answering NULL until it is there"
                        : "; still answering from the last good table"));
    }

    private void complain(String now) {
        if (!now.equals(complaint)) {
            complaint = now;
            log.println("rollcall resolve: " + file + ": "
                    + (now.isEmpty() ? "readable again, " + table.size() + " services" : now));
        }
    }

    /** Ends the thread, which lets the virtual machine end at once: for a thread in a system call it waits 0.3 s. */
    @Override
    public void close() {
        interrupt();
        try {
            join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        while (true) {
            try (WatchService events = directory.getFileSystem().newWatchService()) {
                WatchKey key = directory.register(events, ENTRY_CREATE, ENTRY_MODIFY);
                Object watched = identity();
                // A change before the watch began has no event.
                refresh();
                while (key.isValid() && watched.equals(identity())) {
                    WatchKey event = events.poll(LOOK_SECONDS, SECONDS);
                    if (event != null) {
                        event.pollEvents();
                        event.reset();
                    }
                    refresh();
                }
            } catch (IOException e) {
                refresh();
                try {
                    SECONDS.sleep(LOOK_SECONDS);
                } catch (InterruptedException stop) {
                    return;
                }
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private Object identity() throws IOException {
        Object key = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
        return key == null ? directory : key;
    }
}
