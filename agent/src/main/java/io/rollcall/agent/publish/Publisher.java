package io.rollcall.agent.publish;

import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes a view for httpd and the resolver. Used by one thread. If writing fails the last good maps stay, and the next call
 * tries again.
 */
public final class Publisher {
    public static final String BACKENDS = "backends.map";
    public static final String SUCCESSORS = "successors.map";
    public static final String DICE = "dice.map";
    public static final String WORKERS = "workers.conf";

    private final Path dir;
    private final int workersMax;
    private final MapFile backends;
    private final MapFile successors;
    private final MapFile dice;
    private final MapFile workers;
    private BackendsMap last = BackendsMap.NONE;
    private SortedMap<String, String> lastRing = new TreeMap<>();

    public Publisher(Path dir, int workersMax) {
        this.dir = dir;
        this.workersMax = workersMax;
        this.backends = new MapFile(dir.resolve(BACKENDS));
        this.successors = new MapFile(dir.resolve(SUCCESSORS));
        this.dice = new MapFile(dir.resolve(DICE));
        this.workers = new MapFile(dir.resolve(WORKERS));
    }

    /** Publishes {@code view}; tells whether anything changed. */
    public boolean publish(View view) throws IOException {
        Files.createDirectories(dir);
        BackendsMap next = BackendsMap.of(view, last);
        // A backend that is new has a successor before it can be picked, and one that is gone keeps it until it cannot
        // be picked any
        // more: a second try without a successor picks again, and would pick the dead backend itself.
        SortedMap<String, String> ring = SuccessorsMap.ring(view);
        boolean changed = dice.publish(DiceMap.text());
        changed |= successors.publish(SuccessorsMap.text(SuccessorsMap.union(lastRing, ring)));
        changed |= backends.publish(next.text());
        changed |= successors.publish(SuccessorsMap.text(ring));
        changed |= workers.publish(WorkersConf.of(view, workersMax));
        last = next;
        lastRing = ring;
        return changed;
    }

    /** Before anything is known: httpd does not start without maps, but what stands there from before is better than nothing. */
    public boolean publishNothingYet() throws IOException {
        return !Files.exists(dir.resolve(BACKENDS)) && publish(View.EMPTY);
    }

    /** Advances the age of the published maps. */
    public void touch() throws IOException {
        for (MapFile map : List.of(dice, successors, backends)) {
            map.touch();
        }
    }
}
