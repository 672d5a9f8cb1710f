package io.rollcall.agent.logs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log followed by its name. Renamed, it is read on, because processes that have it open still write to it; the file that takes
 * the name is read from its beginning. Cut to nothing where it stands (copytruncate), it is read from its beginning too, and what
 * had not been read is lost: a gap, which the next look tells. Used by one thread at a time.
 */
final class FollowedLog implements AutoCloseable {
    /** Files that had the name before; one for each rotation while some process keeps its file open. */
    private static final int MOST_OLD = 8;

    /** More than this at once is left out, as a gap: the reader stood still for long, and its memory is bounded. */
    private static final long MOST_BEHIND = 64L << 20;

    /** What a look found. */
    enum Found {
        /** Nothing else than before. */
        SAME,
        /** The file, for the first time; what was in it is left out. */
        OPENED,
        /** The file, from its first byte on: it was not there at the look before. */
        APPEARED,
        /** Another file under the name; the one before is read on. */
        ROTATED,
        /** Lines are lost. */
        GAP,
        /** No file that can be read has been found so far; {@link #problem} says why. */
        NOTHING
    }

    private final Path path;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private @Nullable Segment reading;
    private Path lastResumed;
    private boolean wasAbsent;
    private boolean unreadable;
    private String problem = "not looked for yet";

    FollowedLog(Path path) {
        this.path = path;
        this.lastResumed = path;
    }

    Path path() {
        return path;
    }

    /** Why nothing has been found so far, or the name stands for nothing that can be read now; empty if all is well. */
    String problem() {
        return problem;
    }

    /** Whether there may be lines that cannot be read. While nothing has the name, whoever writes still has the file before. */
    boolean isBlind() {
        return segments.isEmpty() || unreadable;
    }

    /** Goes on where another reader stopped; false, and as if new, if what it read cannot all be found. */
    boolean resume(List<LogsState.Place> places) throws IOException {
        List<Path> named = siblings();
        for (LogsState.Place place : places) {
            Optional<Segment> found = Optional.empty();
            for (Path file : named) {
                if (found.isEmpty() && Segment.key(file).toString().equals(place.key())) {
                    found = Segment.open(file, place);
                    lastResumed = file;
                }
            }
            if (found.isEmpty()) {
                close();
                return false;
            }
            segments.addLast(found.get());
        }
        if (segments.isEmpty() || isFollowedByAnother(named)) {
            close();
            return false;
        }
        return true;
    }

    /** Whether some file besides the one that has the name now is younger than the last that was read. */
    private boolean isFollowedByAnother(List<Path> named) throws IOException {
        FileTime last = Files.getLastModifiedTime(lastResumed);
        for (Path file : named) {
            boolean own = file.equals(path) || file.equals(lastResumed);
            if (!own && Files.getLastModifiedTime(file).compareTo(last) > 0) {
                return true;
            }
        }
        return false;
    }

    private List<Path> siblings() throws IOException {
        List<Path> named = new ArrayList<>();
        Path directory = path.toAbsolutePath().getParent();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (file.getFileName().toString().startsWith(path.getFileName().toString())
                        && Files.isRegularFile(file)) {
                    named.add(file);
                }
            }
        }
        return named;
    }

    /** Where another reader would have to go on. */
    List<LogsState.Place> places() throws IOException {
        List<LogsState.Place> places = new ArrayList<>();
        for (Segment segment : segments) {
            places.add(segment.place());
        }
        return places;
    }

    /** Whether a look would find nothing; changes nothing. */
    boolean isQuiet() {
        try {
            Segment current = segments.peekLast();
            boolean same = problem.isEmpty() && current != null && current.is(Segment.key(path));
            for (Segment segment : segments) {
                same = same && segment.isRead();
            }
            return same;
        } catch (IOException e) {
            return false;
        }
    }

    /** Finds out what there is to read. What is written from now on is not read until the next look. */
    Found look() {
        Found found = lookAtName();
        for (Segment segment : segments) {
            try {
                long much = segment.look();
                if (much > MOST_BEHIND) {
                    segment.skip();
                }
                if (much < 0 || much > MOST_BEHIND) {
                    found = Found.GAP;
                }
            } catch (IOException e) {
                problem = e.toString();
                found = Found.GAP;
            }
        }
        return found;
    }

    private Found lookAtName() {
        try {
            Segment current = segments.peekLast();
            if (current != null && current.is(Segment.key(path))) {
                unreadable = false;
                problem = "";
                return Found.SAME;
            }
            Optional<Segment> opened = Segment.open(path);
            if (opened.isEmpty()) {
                return segments.isEmpty() ? Found.NOTHING : Found.SAME;
            }
            unreadable = false;
            problem = "";
            return add(opened.get());
        } catch (NoSuchFileException e) {
            wasAbsent = true;
            problem = "no such file (expected: httpd makes it when it starts)";
        } catch (AccessDeniedException e) {
            unreadable = true;
            problem = "no permission to read it (expected: the agent's user is in its group, as in adm on Debian)";
        } catch (IOException e) {
            unreadable = true;
            problem = String.valueOf(e.getMessage());
        }
        return segments.isEmpty() ? Found.NOTHING : Found.SAME;
    }

    private Found add(Segment segment) throws IOException {
        boolean first = segments.isEmpty();
        segments.addLast(segment);
        if (first && !wasAbsent) {
            segment.skip();
            return Found.OPENED;
        }
        if (segments.size() > MOST_OLD + 1) {
            segments.removeFirst().close();
            return Found.GAP;
        }
        return first ? Found.APPEARED : Found.ROTATED;
    }

    /** Reads what the last look found; tells how many lines there were. */
    long read(LineConsumer lines) throws IOException {
        long count = 0;
        for (Segment segment : segments) {
            reading = segment;
            count += segment.read(lines);
        }
        reading = null;
        return count;
    }

    /** While a line is read: a process that started then wrote it. */
    void writtenBy(long startTicks) {
        if (reading != null) {
            reading.wroteBy(startTicks);
        }
    }

    /** Whether some process that can be seen, or could, has written here. */
    boolean hasKnownWriter() {
        return segments.stream().anyMatch(segment -> segment.firstWriter() != Long.MAX_VALUE);
    }

    /** Lets go of the files that nobody can be writing to. */
    void retire(long oldestWriter) throws IOException {
        Iterator<Segment> all = segments.iterator();
        // Whoever started no earlier than a writer of a later file has that later one open.
        while (all.hasNext()) {
            Segment old = all.next();
            if (!isFollowedByOneOf(old, oldestWriter)) {
                return;
            }
            old.close();
            all.remove();
        }
    }

    private boolean isFollowedByOneOf(Segment old, long oldestWriter) {
        boolean later = false;
        for (Segment segment : segments) {
            if (later && segment.firstWriter() <= oldestWriter) {
                return true;
            }
            later |= segment == old;
        }
        return false;
    }

    /** How many bytes there are to read. */
    long behind() {
        long sum = 0;
        for (Segment segment : segments) {
            try {
                sum += segment.behind();
            } catch (IOException e) {
                return sum;
            }
        }
        return sum;
    }

    @Override
    public void close() throws IOException {
        for (Segment segment : segments) {
            segment.close();
        }
        segments.clear();
    }
}
