package io.rollcall.agent;

import io.rollcall.agent.publish.Snapshot;
import io.rollcall.agent.publish.SnapshotFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the snapshot on disk up to date, but for {@link #hurry} in one thread: the disk may take its time to make it durable. */
final class SnapshotSaver {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSaver.class);

    /** A snapshot of many names takes its time, and at most this part of it. */
    private static final int SHARE = 20;

    private final Path directory;
    private final SnapshotFile file;
    private final Provenance provenance;
    private final LongSupplier nanos;
    private Optional<Snapshot> saved;
    private String problem = "";
    private volatile long next; // not before that

    /** @param saved what is there */
    SnapshotSaver(
            Path directory, SnapshotFile file, Optional<Snapshot> saved, Provenance provenance, LongSupplier nanos) {
        this.directory = directory;
        this.file = file;
        this.saved = saved;
        this.provenance = provenance;
        this.nanos = nanos;
        this.next = nanos.getAsLong();
    }

    /** The next one is saved however long the last one took. */
    void hurry() {
        next = nanos.getAsLong();
    }

    /** Writes that if it is time, and not there. Has the maps marked, by {@code publishing}, if they are made of it. */
    void save(Snapshot snapshot, Executor publishing) {
        long begin = nanos.getAsLong();
        if (begin - next < 0) {
            return;
        }
        boolean there = saved.isPresent() && saved.get().equals(snapshot);
        if (there && !provenance.lacksMark()) {
            return;
        }
        try {
            if (!there) {
                file.write(snapshot);
                saved = Optional.of(snapshot);
            }
            String sum = file.sum();
            publishing.execute(() -> provenance.saved(snapshot, sum));
            next = begin + (nanos.getAsLong() - begin) * SHARE;
            problem = "";
        } catch (IOException | RuntimeException e) {
            if (!e.toString().equals(problem)) {
                LOG.error("The snapshot in {} cannot be written: {}; trying again", directory, e.toString());
            }
            problem = e.toString();
        }
    }
}
