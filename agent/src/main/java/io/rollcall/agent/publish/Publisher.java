package io.rollcall.agent.publish;

import io.rollcall.agent.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    private SuccessorsMap lastSuccessors = SuccessorsMap.NONE;

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
        SuccessorsMap nextSuccessors = SuccessorsMap.of(view, lastSuccessors);
        // Successors first: a backend that is new has one as soon as it can be picked.
        boolean changed = dice.publish(DiceMap.text());
        changed |= successors.publish(nextSuccessors.text());
        changed |= backends.publish(next.text());
        changed |= workers.publish(WorkersConf.of(view, workersMax));
        last = next;
        lastSuccessors = nextSuccessors;
        return changed;
    }

    /** Before anything is known: httpd does not start without maps, but what stands there from before is better than nothing. */
    public boolean publishNothingYet() throws IOException {
        if (!Files.exists(dir.resolve(BACKENDS))) {
            return publish(View.EMPTY);
        }
        boolean changed = !Files.exists(dir.resolve(DICE)) && dice.publish(DiceMap.text());
        if (!Files.exists(dir.resolve(SUCCESSORS))) {
            changed |= successors.publish(lastSuccessors.text());
        }
        return changed;
    }

    /** Advances the age of the published maps. */
    public void touch() throws IOException {
        for (MapFile map : List.of(dice, successors, backends)) {
            map.touch();
        }
    }
}
