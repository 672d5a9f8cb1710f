package io.rollcall.agent.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of events, and the last of them in memory. A disk that takes nothing costs lines in the file, counted and said, and nothing
 * else: nothing is decided by a journal.
 */
public final class Journal {
    /** An event and its number: the first since the agent started, those read from the file included, is 1. */
    public record Numbered(long number, Event event) {}

    /**
     * What was asked for.
     *
     * @param events oldest first
     * @param left how many were found and, because there were too many, left off: older ones
     * @param last the number of the last event that there is, asked for or not
     */
    public record Answer(List<Numbered> events, long left, long last) {}

    public static final long MOST_BYTES = 4 * 1024 * 1024;
    private static final int REMEMBERED = 2000;
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final EventFile file; // guarded by itself
    private final Deque<Numbered> young = new ArrayDeque<>(); // guarded by this
    private long count; // guarded by this
    private long lost; // by the one writer

    private Journal(EventFile file) {
        this.file = file;
    }

    /** Goes on with the file that is there. */
    public static Journal open(Path file, long mostBytes) {
        Journal journal = new Journal(new EventFile(file, mostBytes));
        journal.file.each(journal::remember);
        return journal;
    }

    /** Writes them down. One thread at a time; waits for the disk. */
    public void add(List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        synchronized (file) { // or one who reads it could miss what is neither there nor remembered any more
            events.forEach(this::remember);
            try {
                file.append(events);
                if (lost > 0) {
                    LOG.warn("The journal {} is written again; {} events are missing in it", file, lost);
                    lost = 0;
                }
            } catch (IOException e) {
                if (lost == 0) {
                    LOG.error("The journal {} cannot be written: {}", file, e.toString());
                }
                lost += events.size();
            }
        }
    }

    /**
     * The last events. The file is read only where memory does not reach back far enough.
     *
     * @param service of this one and those about all; empty for all
     * @param after only those with a higher number
     * @param most at most so many
     */
    public Answer last(Optional<String> service, long after, int most) {
        List<Numbered> remembered = remembered();
        Found found = new Found(service, after, most);
        remembered.forEach(found::add);
        boolean whole = remembered.isEmpty() || remembered.get(0).number() <= after + 1;
        if (whole || (after == 0 && found.size() >= most)) {
            return found.answer(remembered);
        }
        synchronized (file) {
            return fromFile(remembered(), new Found(service, after, most));
        }
    }

    private Answer fromFile(List<Numbered> remembered, Found found) {
        Numbered first = remembered.get(0);
        long[] events = {0};
        long[] same = {-1}; // where the first that is remembered stands; the disk may not have taken it
        long[] before = {0};
        file.each(event -> {
            same[0] = event.equals(first.event()) ? events[0] : same[0];
            before[0] += event.at().isBefore(first.event().at()) ? 1 : 0;
            events[0]++;
        });
        long older = same[0] < 0 ? before[0] : same[0];
        long[] number = {first.number() - older};
        file.each(event -> {
            if (number[0] < first.number()) {
                found.add(new Numbered(number[0], event));
                number[0]++;
            }
        });
        remembered.forEach(found::add);
        return found.answer(remembered);
    }

    private synchronized List<Numbered> remembered() {
        return new ArrayList<>(young);
    }

    private synchronized void remember(Event event) {
        count++;
        young.add(new Numbered(count, event));
        if (young.size() > REMEMBERED) {
            young.remove();
        }
    }

    /** The last of those that are asked for. */
    private static final class Found {
        private final Optional<String> service;
        private final long after;
        private final int most;
        private final Deque<Numbered> events = new ArrayDeque<>();
        private long left;

        Found(Optional<String> service, long after, int most) {
            this.service = service;
            this.after = after;
            this.most = most;
        }

        void add(Numbered numbered) {
            String of = numbered.event().service();
            boolean asked = service.isEmpty() || service.get().equals(of) || of.equals(Event.ALL);
            if (asked && numbered.number() > after) {
                events.add(numbered);
                if (events.size() > most) {
                    events.remove();
                    left++;
                }
            }
        }

        int size() {
            return events.size();
        }

        Answer answer(List<Numbered> remembered) {
            long last = remembered.isEmpty()
                    ? after
                    : remembered.get(remembered.size() - 1).number();
            return new Answer(List.copyOf(events), left, last);
        }
    }
}
