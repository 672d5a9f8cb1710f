package io.rollcall.agent.health;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Makes probes, many at once, for the one thread that calls {@link #run}. Of one subject at most one is under way or waits, and at
 * most {@link #MOST} are under way; the others wait for their turn. A probe that nobody answers is under way for as long as it may,
 * so those who were silent the last time have only half of these places: however many they are, the others do not wait for them.
 */
final class Prober implements AutoCloseable {
    /** Takes the outcome of a probe, on the calling thread. */
    interface Listener {
        /** Called once for each probe; one that was {@code startedAt} a moment tells nothing of who came after it. */
        void ended(Subject subject, long startedAt, Outcome outcome);
    }

    /** Each is a file descriptor. */
    static final int MOST = 512;

    private static final int MOST_SILENT = MOST / 2;

    private final long timeout;
    private final LongSupplier clock;
    private final Listener listener;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(512);
    private final Line line = new Line();
    private final Line silentLine = new Line();
    private final Set<Subject> silent = new HashSet<>(); // the last time
    private final Set<Subject> busy = new HashSet<>();
    private final Set<Subject> busySilent = new HashSet<>(); // those of them who were
    private final Set<Subject> again = new HashSet<>();
    private final Deque<Probe> byDeadline = new ArrayDeque<>();
    private final AtomicLong made = new AtomicLong();
    private volatile String problem = ""; // by the calling thread

    Prober(long timeoutNanos, LongSupplier clock, Listener listener) throws IOException {
        this.timeout = timeoutNanos;
        this.clock = clock;
        this.listener = listener;
        this.selector = Selector.open();
    }

    /**
     * Asks for a probe; if one of that subject is under way, for another one after it: that one may have seen what is no longer so.
     *
     * @param urgent before those that are not
     */
    void probe(Subject subject, boolean urgent) {
        if (busy.contains(subject)) {
            again.add(subject);
        } else {
            (silent.contains(subject) ? silentLine : line).add(subject, urgent);
        }
    }

    /** Does not make a probe that waits; one that is under way goes on. */
    void forget(Subject subject) {
        line.remove(subject);
        silentLine.remove(subject);
        silent.remove(subject);
        again.remove(subject);
    }

    /** Whether there will be an outcome. */
    boolean isAsked(Subject subject) {
        return busy.contains(subject) || line.contains(subject) || silentLine.contains(subject);
    }

    /** Makes what waits and hears what has come, for at most {@code nanos} or until {@link #wake}. */
    void run(long nanos) throws IOException {
        begin();
        long patience = Math.min(nanos, untilDeadline());
        if (patience <= 0) {
            selector.selectNow(this::proceed);
        } else {
            selector.select(this::proceed, Math.max(1, (patience + 999_999) / 1_000_000));
        }
        // What has arrived was heard first: after a pause of this process nobody is blamed for it.
        expire();
    }

    /** Any thread may say so. */
    void wake() {
        selector.wakeup();
    }

    long made() {
        return made.get();
    }

    /** Why probes could not be made, lately; empty if they could. */
    String problem() {
        return problem;
    }

    @Override
    public void close() throws IOException {
        byDeadline.forEach(Probe::end);
        selector.close();
    }

    private void begin() {
        for (Optional<Line> next = next(); next.isPresent(); next = next()) {
            Subject subject = next.get().poll();
            long now = clock.getAsLong();
            Probe probe;
            try {
                probe = Probe.open(subject, now, now + timeout, selector);
            } catch (IOException e) {
                hear(subject, now, new Outcome.NotMade(String.valueOf(e.getMessage())));
                continue;
            }
            busy.add(subject);
            if (silent.contains(subject)) {
                busySilent.add(subject);
            }
            byDeadline.add(probe);
            made.incrementAndGet();
            probe.begin().ifPresent(outcome -> end(probe, outcome));
        }
    }

    /** Whose turn it is, if there is a place. */
    private Optional<Line> next() {
        boolean place = busy.size() < MOST;
        boolean silentPlace = place && !silentLine.isEmpty() && busySilent.size() < MOST_SILENT;
        if (silentPlace && (line.isEmpty() || (silentLine.isUrgent() && !line.isUrgent()))) {
            return Optional.of(silentLine);
        }
        return place && !line.isEmpty() ? Optional.of(line) : Optional.empty();
    }

    private void proceed(SelectionKey key) {
        Probe probe = (Probe) key.attachment();
        if (!probe.isOver()) {
            Optional<Outcome> outcome = probe.proceed(buffer);
            outcome.ifPresent(ended -> end(probe, ended));
        }
    }

    private void expire() {
        long now = clock.getAsLong();
        for (Probe first = byDeadline.peek(); first != null; first = byDeadline.peek()) {
            if (!first.isOver()) {
                if (first.deadline - now > 0) {
                    return;
                }
                end(first, first.timedOut());
            }
            byDeadline.remove();
        }
    }

    private long untilDeadline() {
        Probe first = byDeadline.peek();
        return first == null ? Long.MAX_VALUE : first.deadline - clock.getAsLong();
    }

    private void end(Probe probe, Outcome outcome) {
        probe.end();
        busy.remove(probe.subject);
        busySilent.remove(probe.subject);
        if (isSilence(outcome)) {
            silent.add(probe.subject);
        } else {
            silent.remove(probe.subject);
        }
        if (again.remove(probe.subject)) {
            probe(probe.subject, true);
        }
        hear(probe.subject, probe.startedAt, outcome);
    }

    private static boolean isSilence(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed && failed.failure().kind() == Failure.Kind.SILENT;
    }

    private void hear(Subject subject, long startedAt, Outcome outcome) {
        problem = outcome instanceof Outcome.NotMade none ? none.reason() : "";
        listener.ended(subject, startedAt, outcome);
    }
}
