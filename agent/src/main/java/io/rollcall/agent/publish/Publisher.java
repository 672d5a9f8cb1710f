package io.rollcall.agent.publish;

import io.rollcall.agent.files.DirectoryLock;
import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
    private static final String LOCK = ".lock";

    private final Path dir;
    private final int workersMax;
    private final MapFile backends;
    private final MapFile successors;
    private final MapFile dice;
    private final MapFile workers;
    private @Nullable DirectoryLock lock;
    private BackendsMap last = BackendsMap.NONE;
    private SuccessorsMap lastSuccessors = SuccessorsMap.NONE;

    public Publisher(Path dir, int workersMax) {
        this.dir = dir;
        this.workersMax = workersMax;
        this.backends = new MapFile(dir.resolve(BACKENDS));
        this.successors = new MapFile(dir.resolve(SUCCESSORS));
        this.dice = new MapFile(dir.resolve(DICE));
        this.workers = new MapFile(dir.resolve(WORKERS));
    }

    /** Publishes {@code view}. */
    public Change publish(View view) throws IOException {
        begin();
        BackendsMap next = BackendsMap.of(view, last);
        SuccessorsMap nextSuccessors = SuccessorsMap.of(view, lastSuccessors);
        // Successors first: a backend that is new has one as soon as it can be picked.
        boolean beside = dice.publish(DiceMap.TEXT);
        beside |= successors.publish(nextSuccessors.text());
        boolean routing = backends.publish(next.text());
        beside |= workers.publish(WorkersConf.of(view, workersMax));
        last = next;
        lastSuccessors = nextSuccessors;
        return routing ? Change.ROUTING : beside ? Change.BESIDE : Change.NONE;
    }

    /** Before the registry was read: what stands there is left as it is, what is missing is made, for httpd does not start without. */
    public Change publishMissing(View view) throws IOException {
        if (!Files.exists(dir.resolve(BACKENDS))) {
            return publish(view);
        }
        begin();
        boolean made = !Files.exists(dir.resolve(DICE)) && dice.publish(DiceMap.TEXT);
        if (!Files.exists(dir.resolve(SUCCESSORS))) {
            made |= successors.publish(SuccessorsMap.of(view, lastSuccessors).text());
        }
        return made ? Change.BESIDE : Change.NONE;
    }

    /** Advances the age of the published maps. */
    public void touch() throws IOException {
        for (MapFile map : List.of(dice, successors, backends)) {
            map.touch();
        }
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
