package io.rollcall.agent.logs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * The requests whose start was read and whose end was not.
 *
 * <p>The files are read one after the other, so an end may be read before its start: at most by one pass, because the start was
 * written before it, and so is there by the time the next pass looks. Ends are therefore remembered for two passes, in which
 * their starts are ignored; one whose start has not come by then had its start written somewhere else. Used by one thread at a
 * time.
 */
final class OpenRequests {
    /** More than httpd serves at once; what is beyond would be a fault of the logs. */
    static final int MOST = 200_000;

    /** One is enough to tell that a log is not followed. */
    private static final int MOST_ORPHANS = 1000;

    /** One that is open. */
    static final class Request {
        final String id;
        final int pid;
        final long writer;
        final long sinceNanos;
        /** Number of the `?` that no `+` followed yet; 0 when it was decided. */
        long undecided;

        String service = "";
        String backend = "";

        private Request(String id, int pid, long writer, long sinceNanos) {
            this.id = id;
            this.pid = pid;
            this.writer = writer;
            this.sinceNanos = sinceNanos;
        }

        boolean isAt(String wantedService, String wantedBackend) {
            return undecided == 0 && backend.equals(wantedBackend) && service.equals(wantedService);
        }
    }

    private final Map<String, Request> open = new HashMap<>();
    private Map<String, RequestEnd> orphans = new HashMap<>();
    private Map<String, RequestEnd> orphansBefore = new HashMap<>();
    private Set<String> ended = new HashSet<>();
    private Set<String> endedBefore = new HashSet<>();
    private long questions;
    private boolean anyEnd;

    /** @param writer when the process that wrote it started, in ticks */
    void mark(LogMark mark, long writer, long nowNanos) {
        if (isEnded(mark.id())) {
            orphans.remove(mark.id());
            orphansBefore.remove(mark.id());
        } else {
            Request request = open.computeIfAbsent(mark.id(), id -> new Request(id, mark.pid(), writer, nowNanos));
            if (mark.what() == '?') {
                request.undecided = ++questions;
                request.backend = "";
            } else {
                request.undecided = 0;
                request.service = mark.service();
                request.backend = mark.backend();
            }
        }
    }

    void end(RequestEnd end) {
        anyEnd = true;
        boolean known = open.remove(end.id()) != null || isEnded(end.id());
        ended.add(end.id());
        // Without a service it was never looked up: httpd refuses some requests before it says that they start.
        if (!known && !end.service().isEmpty() && orphans.size() < MOST_ORPHANS) {
            orphans.put(end.id(), end);
        }
    }

    private boolean isEnded(String id) {
        return ended.contains(id) || endedBefore.contains(id);
    }

    /** All files have been read once more. Tells which ends can have no start any more. */
    List<RequestEnd> endPass() {
        List<RequestEnd> lost = List.copyOf(orphansBefore.values());
        orphansBefore = orphans;
        orphans = new HashMap<>();
        endedBefore = ended;
        ended = new HashSet<>();
        return lost;
    }

    /** Drops those of processes that are gone. Their ends may be on the way all the same, where a program writes them. */
    void drop(BiPredicate<Integer, Long> isGone) {
        open.values().removeIf(request -> {
            boolean gone = isGone.test(request.pid, request.writer);
            if (gone) {
                ended.add(request.id);
            }
            return gone;
        });
    }

    /** Everything that another reader has to know. */
    List<LogsState.Open> openNow() {
        return open.values().stream()
                .map(request -> new LogsState.Open(
                        request.id,
                        request.pid,
                        request.writer,
                        request.undecided != 0,
                        request.service,
                        request.backend))
                .toList();
    }

    List<String> endedNow() {
        List<String> ids = new ArrayList<>(ended);
        ids.addAll(endedBefore);
        return ids;
    }

    /** Goes on from what another reader knew. */
    void resume(List<LogsState.Open> then, List<String> endedThen, long nowNanos) {
        for (LogsState.Open was : then) {
            Request request = new Request(was.id(), was.pid(), was.writer(), nowNanos);
            request.undecided = was.undecided() ? ++questions : 0;
            request.service = was.service();
            request.backend = was.backend();
            open.put(request.id, request);
        }
        ended.addAll(endedThen);
    }

    void knowsOfEnds(boolean any) {
        anyEnd |= any;
    }

    void clear() {
        open.clear();
    }

    /** Those that are at a backend of a service. */
    List<Request> at(String service, String backend) {
        return open.values().stream()
                .filter(request -> request.isAt(service, backend))
                .toList();
    }

    /** Those that may be between their lookup and its outcome, with the number of their question. */
    Map<Request, Long> undecided() {
        Map<Request, Long> found = new HashMap<>();
        for (Request request : open.values()) {
            if (request.undecided != 0) {
                found.put(request, request.undecided);
            }
        }
        return found;
    }

    boolean isStill(Request request, long question) {
        return request.undecided == question && open.get(request.id) == request;
    }

    boolean hasWriter(long writer) {
        return open.values().stream().anyMatch(request -> request.writer == writer);
    }

    /** Whether any end was ever read: without the log that they are in, nothing ever ends. */
    boolean anyEnd() {
        return anyEnd;
    }

    int size() {
        return open.size();
    }
}
