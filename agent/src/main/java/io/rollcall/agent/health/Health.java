package io.rollcall.agent.health;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an eye on the candidates: probes them, takes hints from the traffic, and says when a condition changes. One thread does
 * all of it; it knows nothing of maps.
 */
public final class Health implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    /** Changes within this time become one value: a rack that fails is not worth a thousand copies of the table. */
    private static final long GATHER = 5_000_000L;

    /** After a step that failed: the next one may fail, too, and must not take a core for it. */
    private static final long PAUSE = 100_000_000L;

    /** Several times the longest sleep: so long without a step is worth a word. */
    private static final long STALLED = 5_000_000_000L;

    /** Who need not be asked sooner is asked together with others. */
    private static final long ROUTINE = 200_000_000L;

    /** The longest sleep; everything that is to be done sooner wakes the thread. */
    private static final long LONGEST_SLEEP = 1_000_000_000L;

    private final Settings settings;
    private final LongSupplier clock;
    private final RandomGenerator chance;
    private final Runnable changed;
    private final Prober prober;
    private final Ward ward;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<Subject, Asked> subjects = new HashMap<>();
    private final Agenda agenda = new Agenda();
    private final Thread thread = new Thread(this::work, "rollcall-health");
    private volatile Conditions conditions; // by the thread
    private volatile long steppedAt; // by the thread
    private volatile boolean closed;
    private long publishedAt; // by the thread
    private boolean failing; // by the thread

    /** Judges nobody before {@link #follow}; {@code changed} is called when {@link #conditions} has another value, and must not wait. */
    public Health(Settings settings, LongSupplier clock, RandomGenerator chance, Runnable changed) {
        this.settings = settings;
        this.clock = clock;
        this.chance = chance;
        this.changed = changed;
        try {
            this.prober = new Prober(settings.timeout().toNanos(), clock, this::ended);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not one file descriptor left
        }
        this.ward = new Ward(settings, clock.getAsLong());
        this.publishedAt = clock.getAsLong();
        this.steppedAt = publishedAt;
        this.conditions = settings.probing() ? ward.conditions(publishedAt) : Conditions.NONE;
        thread.setDaemon(true);
    }

    public void start() {
        if (settings.probing()) {
            thread.start();
        }
    }

    public Conditions conditions() {
        return conditions;
    }

    /**
     * Follows, of each of these services, these candidates and no others. Any thread may say so.
     *
     * @param trusted those that are new here got requests before the agent started
     * @param early those that are new here were there when the agent started
     */
    public void follow(Map<String, Set<Candidate>> services, boolean trusted, boolean early) {
        Map<String, Set<Candidate>> wanted = Map.copyOf(services);
        if (!wanted.isEmpty()) {
            task(() -> wanted.forEach((service, candidates) -> followNow(service, candidates, trusted, early)));
        }
    }

    /** Something that real requests met makes it worth while to look at once. Any thread may say so. */
    public void suspect(Collection<Candidate> candidates) {
        List<Candidate> suspects = List.copyOf(candidates);
        task(() -> suspects.stream()
                .filter(ward::isFit) // the others are asked often enough
                .forEach(candidate -> {
                    ward.suspect(candidate);
                    probeNow(candidate);
                }));
    }

    /** Real requests got errors from these in a burst. Any thread may say so. */
    public void burst(Collection<Candidate> candidates, String reason) {
        List<Candidate> suspects = List.copyOf(candidates);
        task(() -> suspects.forEach(candidate -> {
            if (candidate.path().isEmpty()) { // no probe could see it
                ward.failed(candidate, Failure.traffic(reason), clock.getAsLong());
            } else {
                ward.suspect(candidate);
            }
            probeNow(candidate);
        }));
    }

    /** The registry cannot be relied on, so those who are asked seldom are asked more often for a while. Any thread may say so. */
    public void alarm() {
        task(() -> ward.alarm(clock.getAsLong()));
    }

    /** How it stands, with the absentees that are held. */
    public HealthStatus status(Set<String> held) {
        long now = clock.getAsLong();
        return new HealthStatus(settings.probing(), conditions, now, prober.made(), problem(now), held);
    }

    private String problem(long now) {
        long idle = now - steppedAt;
        return settings.probing() && idle >= STALLED
                ? "nothing has been judged for " + idle / 1_000_000_000L + " s (the agent's own log may tell why)"
                : prober.problem();
    }

    @Override
    public void close() {
        closed = true;
        prober.wake();
        try {
            if (thread.isAlive()) {
                thread.join(2000);
            }
            prober.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void task(Runnable task) {
        if (settings.probing()) {
            tasks.add(task);
            prober.wake();
        }
    }

    private void work() {
        while (!closed) {
            try {
                step();
                steppedAt = clock.getAsLong();
                failing = false;
            } catch (IOException | RuntimeException | Error e) { // an error, too, would end all probes without a word
                if (!failing) {
                    LOG.error("Probing: a step failed, going on", e);
                }
                failing = true;
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    private void step() throws IOException {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        long now = clock.getAsLong();
        if (failing) {
            findLost(now);
        }
        if (ward.takeAlarm()) {
            agenda.hurry(() -> now + (long) (ward.interval() * chance.nextDouble()));
        }
        for (Optional<Subject> due = agenda.poll(now); due.isPresent(); due = agenda.poll(now)) {
            Asked asked = subjects.get(due.get());
            prober.probe(due.get(), asked != null && asked.inDoubt());
        }
        OptionalLong growth = ward.advance(now);
        long sleep = Math.min(publish(now), growth.orElse(LONGEST_SLEEP));
        OptionalLong next = agenda.next();
        sleep = next.isEmpty() ? sleep : Math.min(sleep, next.getAsLong() - now);
        prober.run(tasks.isEmpty() ? sleep : 0);
    }

    /** Returns how long it can wait until it has to look again. */
    private long publish(long now) {
        long wait = GATHER - (now - publishedAt);
        if (wait > 0) {
            return wait;
        }
        if (ward.isChanged()) {
            publishedAt = now;
            conditions = ward.conditions(now);
            changed.run();
        }
        return LONGEST_SLEEP;
    }

    private void followNow(String service, Set<Candidate> wanted, boolean trusted, boolean early) {
        long now = clock.getAsLong();
        for (Candidate candidate : ward.of(service)) {
            if (!wanted.contains(candidate)) {
                ward.dismiss(candidate, now);
                unfollow(candidate);
            }
        }
        for (Candidate candidate : wanted) {
            Asked asked = subjects.computeIfAbsent(candidate.subject(), key -> new Asked());
            if (!asked.contains(candidate)) {
                asked.add(candidate, now, ward.admit(candidate, now, trusted, early));
                // Whoever had requests is not asked at once with all others: an agent that starts has maps to make.
                probeAt(candidate.subject(), trusted ? now + ward.round() : now);
            }
        }
    }

    private void unfollow(Candidate candidate) {
        Subject subject = candidate.subject();
        Asked asked = subjects.get(subject);
        if (asked != null) {
            asked.remove(candidate);
        }
        if (asked == null || asked.isEmpty()) {
            subjects.remove(subject);
            agenda.remove(subject);
            prober.forget(subject);
        }
    }

    private void probeAt(Subject subject, long at) {
        if (subjects.containsKey(subject)) {
            agenda.add(subject, at);
        }
    }

    private void probeNow(Candidate candidate) {
        Subject subject = candidate.subject();
        Asked asked = subjects.get(subject);
        if (asked != null) {
            asked.open(candidate);
            agenda.remove(subject);
            prober.probe(subject, true);
        }
    }

    /** A step that broke off may have lost some, and nobody would ask for them again. */
    private void findLost(long now) {
        for (Subject subject : subjects.keySet()) {
            if (!agenda.contains(subject) && !prober.isAsked(subject)) {
                agenda.add(subject, now);
            }
        }
    }

    private void ended(Subject subject, long startedAt, Outcome outcome) {
        Asked asked = subjects.get(subject);
        if (asked == null) {
            prober.forget(subject);
            return;
        }
        long now = clock.getAsLong();
        long pause = asked.heard(outcome, startedAt, ward, now);
        long at = Math.max(now, startedAt + spread(pause));
        probeAt(subject, pause < ROUTINE ? at : Agenda.withOthers(at, pause));
    }

    /** A fifth more or less, so that what began together does not stay together. */
    private long spread(long pause) {
        return pause == 0 ? 0 : (long) (pause * (0.8 + 0.4 * chance.nextDouble()));
    }
}
