package io.rollcall.agent.publish;

import io.rollcall.agent.table.Table;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which services stand in the hashed map, so that they need not stand in {@code backends.map}.
 *
 * <p>httpd searches a text from its top, for each name anew after each change; in a hashed map it reads one page, but a change costs
 * the whole file. So the text has what changed since the hashed map was written, and counts; when it has grown, the hashed map is
 * written anew, in the background, from what is known at that moment. While few services are known the text has them all, and the
 * hashed map is empty.
 *
 * <p>Nobody sees an old answer after a new one. A lookup reads the text first. While the hashed map is being written, a reader may
 * find its old or its new content; so the text has what differs from either. Once it is written the text is left with what
 * differs from the new one: whoever reads that text, reads the new hashed map after it.
 */
final class Hashing {
    /** What the background has done. */
    sealed interface Done permits Laid, Done.Written, Done.Failed {
        record Written() implements Done {}

        record Failed(IOException problem) implements Done {}
    }

    /** The same, and how long it took. */
    private record Work(Done done, long nanos) {}

    /**
     * Bytes of text up to which there is nothing but text: searching it takes as long as the hashed map's longer way. The benchmark
     * measures that ({@code map-kinds}), and therefore has agents with other limits.
     */
    static final int TEXT_ALONE = Integer.getInteger("rollcall.text.alone", 16_384);

    /** Bytes of text beside a hashed map: searching them takes httpd a microsecond, and so many are there at any time. */
    static final int TEXT_BESIDE = 256;

    /** Bytes of text that have no room in the hashed map as it is, above which it is written anew. */
    private static final int CROWDED = 1024;

    private final HashedMap map;
    private final Executor background;
    private final Runnable written;
    private final LongSupplier nanos;
    private final HashingPace pace;
    private final HashingTrust trust;
    private final AtomicReference<@Nullable Work> done = new AtomicReference<>();

    // The rest belongs to the publishing thread.
    private boolean begun;
    private Table<Lines> hashed = Table.empty(); // stands in the map, whole
    private @Nullable Table<Lines> coming; // may stand in the map
    private @Nullable Laid laid; // what is coming; the text has what it leaves out
    private @Nullable Table<Lines> beside; // stands in the file beside the map, if that is known
    private boolean moved = true; // either of these two, since the last text
    private Table<Lines> seen = Table.empty(); // lines at the last text
    private final Set<String> different = new HashSet<>(); // names that were then in the text, or have changed since
    private boolean running;
    private long floor; // bytes of text that writing does not take away
    private long least; // as many of them as even writing all of it does not
    private Optional<IOException> problem = Optional.empty();

    /** @param written to be called, in any thread, when there is another text to publish */
    Hashing(HashedMap map, Executor background, Runnable written, LongSupplier nanos) {
        this.map = map;
        this.background = background;
        this.written = written;
        this.nanos = nanos;
        this.pace = new HashingPace(nanos);
        this.trust = new HashingTrust(nanos);
    }

    /** What stands in the map. */
    Table<Lines> lines() {
        return hashed;
    }

    /** Makes the map where there is none. The first time its content is written at once: what stands there is of another process. */
    void begin(AllLines all) throws IOException {
        if (running) {
            return;
        }
        if (map.create()) {
            stands(Table.empty(), null);
            laid = null;
            trust.lose();
            problem = Optional.empty();
            begun &= all.length() <= TEXT_ALONE;
        }
        if (!begun) {
            Table<Lines> next = all.length() > TEXT_ALONE ? all.lines() : Table.empty();
            stands(hashed, next);
            long began = nanos.getAsLong();
            pace.begins();
            Laid first = Laid.of(next, map);
            if (first.leftOut().isEmpty()) {
                writeAtOnce(next, first);
            } else {
                laid(next, first); // the text has everything first, and is then relieved
            }
            pace.works(nanos.getAsLong() - began);
            begun = true;
        }
    }

    private void writeAtOnce(Table<Lines> next, Laid pages) {
        try {
            pages.write().take();
            trust.gain();
            problem = Optional.empty();
            stands(next, null);
        } catch (IOException e) { // the text has everything, and it is tried again
            failed(e);
        }
    }

    void create() throws IOException {
        map.create();
    }

    /** Advances its time; while it is being replaced that happens anyway. */
    void touch() throws IOException {
        if (!running) {
            map.touch();
        }
    }

    /** The lines that are to stand in the text, by name; of a name that is no longer known, what it was. */
    SortedMap<String, Lines> text(Table<Lines> lines) {
        Table<Lines> maybe = coming;
        if (moved) {
            different.clear();
            different.addAll(lines.changedSince(hashed));
            different.addAll(maybe == null ? Set.of() : lines.changedSince(maybe));
            moved = false;
        } else {
            different.addAll(lines.changedSince(seen));
        }
        seen = lines;
        TreeMap<String, Lines> text = new TreeMap<>();
        for (Iterator<String> names = different.iterator(); names.hasNext(); ) {
            String name = names.next();
            Lines now = lines.get(name);
            if (same(now, hashed.get(name)) && (maybe == null || same(now, maybe.get(name)))) {
                names.remove();
                continue;
            }
            Lines then = hashed.get(name) == null && maybe != null ? maybe.get(name) : hashed.get(name);
            Lines either = now == null ? then : now;
            if (either != null) {
                text.put(name, either);
            }
        }
        return text;
    }

    /** Whether the map has all of these lines. */
    private static boolean same(@Nullable Lines now, @Nullable Lines there) {
        return now == there || (now != null && there != null && there.standFor(now));
    }

    /**
     * Writes the map if that is worth while; to be called when {@code length} bytes of text are published.
     *
     * @param gone whether the map has names that are no longer known
     */
    void settle(AllLines all, long length, boolean gone) {
        if (running || !begun) {
            return;
        }
        Laid pages = laid;
        Table<Lines> interrupted = coming;
        boolean time = pace.isDue(length - floor);
        if (pages != null) {
            run(() -> {
                pages.write().take();
                return new Done.Written();
            });
        } else if (interrupted != null) {
            if (time) {
                begin(interrupted); // tried again, the same
            }
        } else {
            boolean grown = length > floor + (hashed.isEmpty() ? TEXT_ALONE : TEXT_BESIDE);
            boolean few = !hashed.isEmpty() && all.length() < TEXT_ALONE / 2;
            if (gone || (time && (grown || few))) {
                beside = time ? beside : null; // who reads that now may have opened it when it was the map
                Table<Lines> next = few ? Table.empty() : all.lines();
                stands(hashed, next);
                begin(next);
            }
        }
    }

    private void begin(Table<Lines> next) {
        pace.begins();
        Table<Lines> now = hashed;
        Table<Lines> before = beside;
        boolean anew = !trust.mayEdit() || floor > least + CROWDED;
        run(() -> anew ? Laid.of(next, map) : Laid.of(next, now, before, map));
    }

    /** Whether there is something to take note of, and another text to publish then. */
    boolean hasNews() {
        return done.get() != null;
    }

    /** Takes note of what the background did. */
    void takeNote() {
        Work work = done.getAndSet(null);
        Table<Lines> next = coming;
        if (work == null || next == null) {
            return;
        }
        running = false;
        pace.works(work.nanos);
        boolean turned = laid != null && laid.turned();
        laid = null;
        if (work.done instanceof Laid pages) {
            laid(next, pages);
            return;
        }
        if (work.done instanceof Done.Failed failed) {
            failed(failed.problem);
        } else {
            beside = turned ? hashed : null;
            if (!turned) {
                trust.gain();
            }
            pace.ends();
            problem = Optional.empty();
            stands(next, null);
        }
    }

    private void failed(IOException why) {
        pace.ends();
        trust.fail();
        problem = Optional.of(why);
    }

    /** Why the map could not be written when that was last tried. The text has what it should have. */
    Optional<IOException> problem() {
        return problem;
    }

    private void laid(Table<Lines> next, Laid pages) {
        laid = pages;
        stands(hashed, without(next, pages.leftOut()));
        floor = pages.leftOut().stream().mapToLong(name -> length(next, name)).sum();
        least = pages.turned() ? least : floor;
    }

    private void stands(Table<Lines> now, @Nullable Table<Lines> soon) {
        hashed = now;
        coming = soon;
        moved = true;
    }

    private void run(Callable<Done> task) {
        running = true;
        background.execute(() -> {
            long began = nanos.getAsLong();
            Done now;
            try {
                now = task.call();
            } catch (IOException e) {
                now = new Done.Failed(e);
            } catch (Exception | Error e) { // else nobody would ever try again
                now = new Done.Failed(new IOException("the hashed map: " + e, e));
            }
            done.set(new Work(now, nanos.getAsLong() - began));
            written.run();
        });
    }

    private static long length(Table<Lines> lines, String name) {
        Lines service = lines.get(name);
        return service == null ? 0 : service.text().length();
    }

    private static Table<Lines> without(Table<Lines> lines, Set<String> names) {
        Table.Edit<Lines> edit = lines.edit();
        names.forEach(edit::remove);
        return edit.done();
    }
}
