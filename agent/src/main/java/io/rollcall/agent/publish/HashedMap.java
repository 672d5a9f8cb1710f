package io.rollcall.agent.publish;

import io.rollcall.agent.sdbm.PageEdit;
import io.rollcall.agent.sdbm.PageLayout;
import io.rollcall.agent.sdbm.Sdbm;
import io.rollcall.agent.sdbm.SdbmReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * A map in the format sdbm, which is two files: {@code .dir} says how many bits of a key's hash number its page, {@code .pag} has
 * the pages. httpd opens one after the other at each lookup, so the two must never disagree, and no lock of ours would help: it
 * would make httpd wait.
 *
 * <p>As long as the depth stays, {@code .dir} stays, and a new content is one rename. A depth grows from d to e in three renames, each
 * of which leaves a pair in which every key is found:
 * <ol>
 *   <li>{@code .pag}: the pages of before, 2^(e-d) times over. The page that e bits number holds what the page that its last d
 *       bits number held, so the content is right under either depth.
 *   <li>{@code .dir}: e.
 *   <li>{@code .pag}: the new content, for e only.
 * </ol>
 * It shrinks the other way round: the new content many times over, the {@code .dir}, the new content once. Between the last two
 * there is a pause for readers that have opened the {@code .dir} but not yet the {@code .pag}. A writer that ended in between leaves a
 * pair that is right, and the next one goes on from what it finds.
 *
 * <p>Few changes need not write all pages anew: they are made in a second file, the map of before, and the two change places. Used
 * by one thread.
 */
final class HashedMap {
    /** One of the renames. */
    interface Step {
        void take() throws IOException;
    }

    /** The content may need this many bits less before the files are made smaller: names come and go. */
    private static final int SLACK = 2;

    /** httpd takes the later of the two files' times: let that be the one of the pages, always. */
    private static final FileTime LONG_AGO = FileTime.fromMillis(1000);

    private final Path dir;
    private final Path pag;
    private final Path beside;
    private final Path was;
    private final Step pause;
    private volatile int depth = -1; // as last read, which is as it is: nobody else writes it

    HashedMap(Path directory, String name, Step pause) {
        this.dir = directory.resolve(name + ".dir");
        this.pag = directory.resolve(name + ".pag");
        this.beside = directory.resolve("." + name + ".pag.beside");
        this.was = directory.resolve("." + name + ".pag.was");
        this.pause = pause;
    }

    /** Waits that long, so that a reader who has opened one file has opened the other too. */
    static Step pause(Duration time) {
        return () -> {
            try {
                Thread.sleep(time.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        };
    }

    /** Makes an empty map where there is none, for httpd does not start without. Tells whether it did. */
    boolean create() throws IOException {
        boolean whole = Files.exists(dir) && Files.exists(pag);
        if (!whole) {
            AtomicFile.replace(pag, out -> {}, AtomicFile.later(pag));
            AtomicFile.replace(dir, out -> {}, LONG_AGO);
        }
        if (!whole || depth < 0) {
            readDepth();
        }
        return !whole;
    }

    /** Makes this the map's content. */
    void write(PageLayout layout) throws IOException {
        Files.deleteIfExists(beside);
        Files.deleteIfExists(was);
        for (Step step : steps(layout)) {
            step.take();
        }
        readDepth();
    }

    /** Whether there is a file of what the map was before it was last {@link #turn turned}. */
    boolean hasBeside() {
        return Files.exists(beside);
    }

    /** Makes that file a copy of the map. */
    void copy() throws IOException {
        Files.deleteIfExists(beside); // it takes room
        long size = Files.size(pag);
        if (size != (long) Sdbm.PAGE << readDepth()) {
            throw new IOException(pag + ": " + size + " bytes do not go with " + dir);
        }
        AtomicFile.replace(beside, out -> repeat(out, 1), AtomicFile.later(pag));
    }

    /** Reads that file. */
    SdbmReader beside() throws IOException {
        return SdbmReader.open(beside);
    }

    /**
     * Changes pages of that file and makes it the map; what was the map is beside it then. A reader may have it open since it was the
     * map, which is a second ago or longer: before and after a page is written it finds what is right.
     */
    void turn(PageEdit edit) throws IOException {
        try (FileChannel out = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            edit.write(out);
            out.force(false); // a rename makes sure of new files only
        }
        Files.setLastModifiedTime(beside, AtomicFile.later(pag));
        Files.deleteIfExists(was);
        Files.createLink(was, pag);
        Files.move(beside, pag, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.move(was, beside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Advances the time of modification. */
    void touch() throws IOException {
        Files.setLastModifiedTime(pag, AtomicFile.later(pag));
    }

    /** The pairs in pages, as many as the map has now or as are better. */
    PageLayout layout(List<Map.Entry<String, String>> pairs) {
        PageLayout least = PageLayout.of(pairs, 0);
        int now = depth;
        return least.depth() < now && least.depth() >= now - SLACK ? PageLayout.of(pairs, now) : least;
    }

    List<Step> steps(PageLayout layout) throws IOException {
        int now = readDepth();
        int next = layout.depth();
        Step pages = () -> AtomicFile.replace(pag, out -> layout.write(out, 1), AtomicFile.later(pag));
        Step directory = () -> AtomicFile.replace(dir, AtomicFile.Content.of(Sdbm.directory(next)), LONG_AGO);
        if (now == next) {
            return List.of(pages);
        }
        List<Step> steps = new ArrayList<>();
        long held = Files.size(pag);
        long needed = (long) Sdbm.PAGE << next;
        if (held == 0) {
            return List.of(directory, pages); // nothing is found under any depth
        }
        if (next < now) {
            steps.add(() ->
                    AtomicFile.replace(pag, out -> layout.write(out, 1 << (now - next)), AtomicFile.later(pag)));
        } else if (held < needed) {
            steps.add(() -> AtomicFile.replace(pag, out -> repeat(out, needed / held), AtomicFile.later(pag)));
        }
        steps.add(directory);
        steps.add(pause);
        steps.add(pages);
        return steps;
    }

    private void repeat(FileChannel out, long times) throws IOException {
        try (FileChannel before = FileChannel.open(pag, StandardOpenOption.READ)) {
            long size = before.size();
            for (long time = 0; time < times; time++) {
                for (long at = 0; at < size; ) {
                    at += before.transferTo(at, size - at, out);
                }
            }
        }
    }

    /** The depth that the {@code .dir} tells. */
    private int readDepth() throws IOException {
        int split = BitSet.valueOf(Files.readAllBytes(dir)).nextClearBit(0);
        depth = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(split + 1);
        return depth;
    }
}
