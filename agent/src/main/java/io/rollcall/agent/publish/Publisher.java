package io.rollcall.agent.publish;

import io.rollcall.agent.files.DirectoryLock;
import io.rollcall.agent.table.Table;
import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a view for httpd and the resolver. Used by one thread. If writing fails the last good maps stay, and the next call
 * tries again.
 */
public final class Publisher implements AutoCloseable {
    /** What a publication changed. */
    public enum Change {
        NONE,
        /** What stands beside: where a second try goes, or which workers httpd declares. */
        BESIDE,
        /** Where requests go. */
        ROUTING
    }

    public static final String BACKENDS = "backends.map";
    public static final String SUCCESSORS = "successors.map";
    public static final String DICE = "dice.map";
    public static final String WORKERS = "workers.conf";
    public static final String NAMES = "names";
    private static final String LOCK = ".lock";
    static final String MARK = ".made-of";

    private static final String BACKENDS_HEADER = """
            # rollcall 1 (which backends each name has; written by the agent, do not edit)
            # name address | name slot|slot|... | name dice (then name/k) | name - (known, no backend)
            """;

    private static final String HASHED = "What changed since names.pag was written, which has the others.";

    private static final String HASHED_HEADER = """
            # rollcall 1 (written by the agent, do not edit). %s
            """.formatted(HASHED);

    private static final String SUCCESSORS_HEADER = """
            # Rollcall: where the second try goes. Written by the agent; do not edit.
            # name/address next-address
            """;

    private final Path dir;
    private final MapFile backends;
    private final MapFile successors;
    private final MapFile dice;
    private final MapFile workers;
    private final Hashing hashing;
    private final WorkersConf workersConf;
    private @Nullable DirectoryLock lock;
    private AllLines last = AllLines.NONE;
    private Set<String> inText = Set.of(); // names, at the last publication

    /** A publisher that does everything in the thread of its caller. */
    public Publisher(Path dir, int workersMax) {
        this(dir, WorkersConf.upTo(workersMax), Runnable::run, () -> {}, Duration.ZERO);
    }

    /**
     * A publisher that has not written anything yet.
     *
     * @param background where the hashed map is written, which may take its time
     * @param again to be called when {@link #publish} is to be called once more
     * @param pause how long a reader may take between opening one file and another
     */
    public Publisher(Path dir, WorkersConf workers, Executor background, Runnable again, Duration pause) {
        this(dir, workers, background, again, pause, System::nanoTime);
    }

    Publisher(Path dir, WorkersConf workers, Executor background, Runnable again, Duration pause, LongSupplier nanos) {
        this.dir = dir;
        this.workersConf = workers;
        workers.resume(dir.resolve(WORKERS));
        this.backends = new MapFile(dir.resolve(BACKENDS));
        this.successors = new MapFile(dir.resolve(SUCCESSORS));
        this.dice = new MapFile(dir.resolve(DICE));
        this.workers = new MapFile(dir.resolve(WORKERS));
        HashedMap names = new HashedMap(dir, NAMES, HashedMap.pause(pause));
        this.hashing = new Hashing(names, background, again, nanos);
    }

    /** Publishes {@code view}. */
    public Change publish(View view) throws IOException {
        begin();
        boolean moved = hashing.hasNews();
        hashing.takeNote();
        AllLines next = last.next(view.services(), hashing.lines());
        hashing.begin(next);
        Change change = write(next);
        if (change == Change.ROUTING
                && moved
                && next.lines().changedSince(last.lines()).isEmpty()) {
            change = Change.BESIDE; // the hashed map has what the text had
        }
        last = next;
        while (hashing.hasNews()) {
            hashing.takeNote();
            write(next);
        }
        return change;
    }

    /**
     * Why the hashed map could not be written; empty if it could. Until it is, the text has everything, and {@link #publish} is to be
     * called again.
     */
    public String unhashed() {
        return hashing.problem()
                .map(problem -> "the hashed map in " + dir + " cannot be written: " + problem
                        + " (expected: free space, and no other writer)")
                .orElse("");
    }

    private Change write(AllLines all) throws IOException {
        SortedMap<String, Lines> outside = hashing.text(all.lines());
        // httpd reads the first lines, too, for each name that it does not find in the rest.
        StringBuilder text = new StringBuilder(outside.size() < all.lines().size() ? HASHED_HEADER : BACKENDS_HEADER);
        boolean gone = false;
        for (Map.Entry<String, Lines> service : outside.entrySet()) {
            if (all.lines().containsKey(service.getKey())) {
                text.append(service.getValue().text());
            } else {
                text.append(service.getValue().key())
                        .append(' ')
                        .append(Lines.NO_BACKEND)
                        .append('\n');
                gone = true;
            }
        }
        // Successors first: a backend that is new has one as soon as it can be picked, and one that leaves the text as
        // long as it can.
        NavigableSet<String> ringed = new TreeSet<>(outside.keySet());
        ringed.addAll(inText);
        boolean beside = dice.publish(DiceMap.TEXT);
        beside |= successors.publish(successors(all, ringed));
        boolean routing = backends.publish(text.toString());
        inText = Set.copyOf(outside.keySet());
        beside |= workers.publish(workersConf.of(all.lines()));
        hashing.settle(all, text.length(), gone);
        return routing ? Change.ROUTING : beside ? Change.BESIDE : Change.NONE;
    }

    private static String successors(AllLines all, SortedSet<String> names) {
        StringBuilder rings = new StringBuilder(SUCCESSORS_HEADER);
        for (String name : names) {
            Lines lines = all.lines().get(name);
            rings.append(lines == null ? "" : lines.successors());
        }
        return rings.toString();
    }

    /** Where the maps may be younger than the view: they stay, and what is missing is made, for httpd does not start without. */
    public Change publishMissing(View view) throws IOException {
        if (!hasMaps()) {
            return publish(view);
        }
        begin();
        hashing.create();
        boolean made = !Files.exists(dir.resolve(DICE)) && dice.publish(DiceMap.TEXT);
        if (!Files.exists(dir.resolve(SUCCESSORS))) {
            AllLines all = AllLines.NONE.next(view.services(), Table.empty());
            made |= successors.publish(successors(all, new TreeSet<>(all.lines().keySet())));
        }
        return made ? Change.BESIDE : Change.NONE;
    }

    /** Whether {@link #mark} said this, in this process or another. */
    public boolean isMarked(String sum) throws IOException {
        begin();
        try {
            return Files.readString(dir.resolve(MARK), StandardCharsets.ISO_8859_1)
                    .equals(sum + "\n");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Says what the maps are made of. */
    public void mark(String sum) throws IOException {
        begin();
        AtomicFile.replace(
                dir.resolve(MARK),
                AtomicFile.Content.of((sum + "\n").getBytes(StandardCharsets.US_ASCII)),
                FileTime.from(Instant.now()));
    }

    public void unmark() throws IOException {
        begin();
        Files.deleteIfExists(dir.resolve(MARK));
    }

    /** Whether httpd has maps to go on with. */
    public boolean hasMaps() {
        return Files.exists(dir.resolve(BACKENDS));
    }

    /** Whether the text there counts on a hashed map that is gone. */
    public boolean isTorn() throws IOException {
        return hasMaps()
                && !(Files.exists(dir.resolve(NAMES + ".dir")) && Files.exists(dir.resolve(NAMES + ".pag")))
                && Files.readString(dir.resolve(BACKENDS)).contains(HASHED);
    }

    /** Advances the age of the published maps. */
    public void touch() throws IOException {
        for (MapFile map : List.of(dice, successors, backends)) {
            map.touch();
        }
        hashing.touch();
    }

    @Override
    public void close() {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    /** The directory, for all to read whatever the umask says, and the right to be the only one that writes to it. */
    private void begin() throws IOException {
        if (!Files.isDirectory(dir)) {
            Files.createDirectories(dir);
            Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        if (lock == null) {
            lock = DirectoryLock.take(dir.resolve(LOCK));
        }
    }
}
