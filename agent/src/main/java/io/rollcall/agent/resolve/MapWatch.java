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
 * Keeps the table of a map file that is replaced while it is read, and never hands out one that is older than the file.
 *
 * <p>A thread of its own is told by the kernel of changes in the directory, and looks once a second in case it was not (another
 * kind of file system, too many watches, a directory that was itself replaced). Until it has loaded what is there, there is no
 * table: httpd then takes the answer of its own map. For the agent says that a backend gets no more requests as soon as it has
 * replaced the file, and whoever asks later must not learn otherwise. Whatever is wrong with the file is said once. No lambdas, streams or records here or in what it calls: setting those up would double
 * the time that httpd waits for the resolver to start.
 */
final class MapWatch extends Thread implements Supplier<Table>, AutoCloseable {
    private static final int LOOK_SECONDS = 1;
    private static final int PATIENCE_MILLIS = 100;

    private final Path file;
    private final Path pag;
    private final Path directory;
    private final PrintStream log;
    private final Random random;

    /** Written by the loading thread, read by the one that looks up. */
    private volatile @Nullable Loaded loaded;

    /** The rest belongs to the loading thread. Services that do not change keep their turns, also past a bad file. */
    private Table last = Table.EMPTY;

    private @Nullable HashedServices hashed;
    private @Nullable HashedServices retired;
    private @Nullable BasicFileAttributes hashedFile;

    private String complaint = "";

    MapWatch(Path directory, PrintStream log, Random random) {
        super("map-watch");
        setDaemon(true);
        this.directory = directory;
        this.file = directory.resolve("backends.map");
        this.pag = directory.resolve("names.pag");
        this.log = log;
        this.random = random;
    }

    /** A table and the file that it was made of. */
    private static final class Loaded {
        final Table table;
        final BasicFileAttributes file;

        Loaded(Table table, BasicFileAttributes file) {
            this.table = table;
            this.file = file;
        }

        boolean isOf(BasicFileAttributes now) {
            return same(file, now);
        }
    }

    /** The table of the file that is there now; an empty one while that is not loaded. */
    @Override
    public Table get() {
        Loaded now = loaded;
        try {
            return now != null && now.isOf(Files.readAttributes(file, BasicFileAttributes.class))
                    ? now.table
                    : Table.EMPTY;
        } catch (IOException e) {
            return Table.EMPTY;
        }
    }

    /** Loads the file if it is another than the one loaded. */
    void refresh() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Loaded before = loaded;
            if (before == null || !before.isOf(now)) {
                MapParser.Parsed parsed = MapParser.parse(read(), last, random);
                last = parsed.table();
                loaded = new Loaded(last.before(hashed()), now);
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

    /**
     * The hashed map of now. It is opened after the text was read: what a text no longer has stands in the hashed map that is there
     * by then. With a later text it may be older, for that has all that changed.
     */
    private @Nullable HashedServices hashed() throws IOException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(pag, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            hashedFile = null;
            return null; // an agent that writes none
        }
        // The agent changes the file that was the map before, and makes it the map again: with a later time.
        if (hashedFile == null || !same(hashedFile, now)) {
            HashedServices next = new HashedServices(pag, hashed, random);
            if (retired != null) {
                retired.close();
            }
            retired = hashed; // a lookup may be under way in it
            hashed = next;
            hashedFile = now;
        }
        return hashed;
    }

    /** The agent gives each publication a later time, and a rename another file. */
    private static boolean same(BasicFileAttributes one, BasicFileAttributes other) {
        return one.lastModifiedTime().equals(other.lastModifiedTime())
                && one.size() == other.size()
                && Objects.equals(one.fileKey(), other.fileKey());
    }

    private byte[] read() throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return in.readAllBytes();
        }
    }

    private void keep(String problem) {
        loaded = null;
        complain(problem + "; answering NULL, which leaves it to httpd's own map");
    }

    private void complain(String now) {
        if (!now.equals(complaint)) {
            complaint = now;
            log.println("rollcall resolve: " + file + ": "
                    + (now.isEmpty() ? "readable again, " + last.size() + " services" : now));
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
