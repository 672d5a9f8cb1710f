package io.rollcall.agent;

import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.loop.Loop;
import io.rollcall.agent.publish.PublicationStatus;
import io.rollcall.agent.publish.Publisher;
import io.rollcall.agent.publish.Snapshot;
import io.rollcall.agent.publish.SnapshotFile;
import io.rollcall.agent.publish.WorkersConf;
import io.rollcall.agent.view.KnownNames;
import io.rollcall.agent.view.Target;
import io.rollcall.agent.view.View;
import io.rollcall.agent.watch.Facts;
import io.rollcall.agent.watch.OrderNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From roll to view to maps, on one thread: the first change after a quiet time is published at once, bursts are gathered. What
 * cannot be written is tried again each second while the last good maps stay.
 */
final class PublishLoop implements AutoCloseable {
    /** Who is told, on the loop. */
    interface Listener {
        /** Httpd has this view, of the registry and not of the snapshot. */
        void published(View view, long nanos);

        /** This is the view that httpd should have, but what it has is not known: a part may have been written. */
        void failed(View view, String why);
    }

    private static final Logger LOG = LoggerFactory.getLogger(PublishLoop.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** A snapshot is written to disk for good; once a second is as old as it may get. */
    private static final Duration SNAPSHOT_AFTER = Duration.ofSeconds(1);

    /** More than any child of httpd is held up between opening one file of the hashed map and the other. */
    private static final Duration BETWEEN_TWO_FILES = Duration.ofSeconds(1);

    private final AgentConfig config;
    private final Judge judge;
    private final Publisher publisher;
    private final SnapshotSaver saver;
    private final Provenance provenance;
    private final Settled settled;
    private final Optional<Facts> restored;
    private final Supplier<Optional<Facts>> facts;
    private final Listener listener;
    private final RejectionLog rejections = new RejectionLog(LOG::warn, System.nanoTime());
    private final Loop loop = new Loop("rollcall-publish");
    /** Apart, because a disk may take its time to make a snapshot durable, and no publication shall wait for that. */
    private final Loop disk = new Loop("rollcall-snapshot");
    /** Apart, because the hashed map of many names takes its time, and is not waited for either. */
    private final Loop names = new Loop("rollcall-names");

    private final Cadence cadence;

    private volatile View view = View.EMPTY; // by the loop
    private boolean ofRegistry; // by the loop: the view, and not of the snapshot
    private volatile Optional<Facts> believed = Optional.empty(); // by the loop
    private Optional<View> published = Optional.empty(); // by the loop: what httpd has, if that is known
    private volatile PublicationStatus status = PublicationStatus.NONE; // by the loop
    private boolean retrying; // by the loop
    private volatile KnownNames known; // by the loop

    /**
     * A loop that is not started yet.
     *
     * @param start what was known before, if anything was
     * @param facts what the registry says; empty while it has not said anything
     */
    PublishLoop(
            AgentConfig config,
            SnapshotFile snapshots,
            Optional<Snapshot> start,
            Supplier<Optional<Facts>> facts,
            Listener listener,
            WorkersConf workers,
            Judge judge) {
        this.config = config;
        this.judge = judge;
        this.publisher = new Publisher(config.mapsDir(), workers, names::run, this::changed, BETWEEN_TWO_FILES);
        this.provenance = new Provenance(publisher, start, snapshots.sum());
        this.saver = new SnapshotSaver(config.stateDir(), snapshots, start, provenance, System::nanoTime);
        this.settled = new Settled(config.stateDir().resolve("settled"), disk);
        this.facts = facts;
        this.listener = listener;
        this.restored = start.map(Snapshot::facts);
        this.known = start.map(Snapshot::known).orElse(KnownNames.NONE);
        this.cadence = new Cadence(config.publishEvery(), System::nanoTime, loop::after, this::publish);
    }

    void start() {
        changed();
        loop.every(config.touchEvery(), this::touch);
        disk.every(SNAPSHOT_AFTER, () -> saveSnapshot(loop::run));
    }

    /** The facts changed. Any thread may say so. */
    void changed() {
        cadence.changed();
    }

    View view() {
        return view;
    }

    PublicationStatus status() {
        return status;
    }

    /** Forgets a name whose last backend is gone; tells whether it was such a name. */
    boolean forget(String name) throws InterruptedException {
        return loop.call(() -> {
            boolean forgettable =
                    known.since().getOrDefault(name, Optional.empty()).isPresent();
            if (forgettable) {
                known = known.without(name);
                LOG.info("{} is forgotten: httpd answers 404 for it", name);
                publish();
            }
            return forgettable;
        });
    }

    /**
     * Holds on to an order from now on, whatever becomes of those that take over: this agent is about to say that it is quiet. {@code
     * done} is told, on another thread, once that would outlive the agent; it is not, if httpd may have got the backend back.
     */
    void settle(OrderNode.Key key, String service, Target target, Runnable done) {
        loop.run(() -> {
            if (published.isPresent() && published.get().isOut(key, service, target)) {
                settled.add(key, done);
            }
        });
    }

    @Override
    public void close() {
        boolean ended = loop.close(Duration.ofSeconds(2));
        names.close(Duration.ofSeconds(2));
        saver.hurry();
        if (disk.close(Duration.ofSeconds(2))) {
            saveSnapshot(task -> {
                if (ended) {
                    task.run();
                }
            });
        }
        publisher.close();
    }

    private void publish() {
        cadence.begins();
        Instant now = Instant.now();
        try {
            Optional<Facts> fresh = facts.get();
            fresh.ifPresent(read -> settled.keep(read.orders()));
            boolean permitted = provenance.permits(fresh.isPresent());
            Judge.Judged judged = judge.judge(fresh, settled.keys(), known, now);
            known = judged.known();
            view = judged.view();
            believed = fresh.isPresent() ? Optional.of(judged.facts()) : restored;
            ofRegistry = fresh.isPresent();
            rejections.tell(view.refused(), System.nanoTime());
            Publisher.Change change = permitted ? make() : publisher.publishMissing(view);
            good(change != Publisher.Change.NONE, permitted, now);
            if (fresh.isPresent()) {
                published = Optional.of(view);
                listener.published(view, System.nanoTime());
            }
            if (change != Publisher.Change.ROUTING) {
                // As of a node that goes after its backend left, or comes and is not read yet.
                cadence.madeNoDifference();
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
            tryAgain();
        }
    }

    private Publisher.Change make() throws IOException {
        Snapshot of = new Snapshot(believed.orElse(Facts.NONE), known);
        provenance.begin(of);
        Publisher.Change change = publisher.publish(view);
        provenance.end(of);
        judge.published(view);
        return change;
    }

    private void tryAgain() {
        if (!retrying) {
            retrying = true;
            loop.after(RETRY, () -> {
                retrying = false;
                changed();
            });
        }
    }

    private void good(boolean changed, boolean made, Instant now) {
        String problem = publisher.unhashed();
        if (!problem.isEmpty()) {
            tell(problem, "the text has everything", null);
            tryAgain();
        } else if (!status.problem().isEmpty()) {
            LOG.info("The maps in {} are written again", config.mapsDir());
        }
        status = status.published(changed, made, now).failed(problem);
    }

    private void failed(Exception e) {
        String why = "the maps in " + config.mapsDir() + " cannot be written: " + e
                + " (expected: a directory that the agent may write to, with free space)";
        tell(why, "the last good maps stay", e instanceof IOException ? null : e);
        status = status.failed(why);
        published = Optional.empty();
        if (ofRegistry) {
            listener.failed(view, why);
        }
    }

    private void tell(String why, String meanwhile, @Nullable Throwable cause) {
        if (!why.equals(status.problem())) {
            LOG.error("{}; {}, trying again every {} s", why, meanwhile, RETRY.toSeconds(), cause);
        }
    }

    /** Time alone can change the view too: names are forgotten. So a touch builds it anew first. */
    private void touch() {
        publish();
        try {
            if (status.problem().isEmpty() || published.isPresent()) {
                publisher.touch();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void saveSnapshot(Executor publishing) {
        believed.ifPresent(latest -> saver.save(new Snapshot(latest, known), publishing));
    }
}
