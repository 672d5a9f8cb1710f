package io.rollcall.agent.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maps once more, in the agent's own directory: hard links, which cost neither room nor time, so the two have to be on one file
 * system. When maps are lost they are put back before anything is read, which takes milliseconds; making those of 100,000 names from a
 * snapshot takes a Java that has just started many seconds.
 */
public final class Spare {
    /** Apart, so that the first word is what loads all that writes logs: the maps are back before that. */
    private static final class Log {
        static final Logger LOG = LoggerFactory.getLogger(Spare.class);
    }

    /** In the order in which they are looked up, as by a reader: a text with the hashed map of a little later is right, not the reverse. They are put back the other way round. */
    private static final List<String> FILES = List.of(
            Publisher.BACKENDS,
            Publisher.SUCCESSORS,
            Publisher.DICE,
            Publisher.WORKERS,
            Publisher.NAMES + ".dir",
            Publisher.NAMES + ".pag",
            Publisher.MARK);

    private final Path maps;
    private final Path spare;
    private String problem = ""; // by the one who keeps

    /** @param state the agent's own directory */
    public Spare(Path maps, Path state) {
        this.maps = maps;
        this.spare = state.resolve("maps");
    }

    /** Makes links to the maps that are now there. One thread at a time; it may wait for the disk. */
    public void keep() {
        try {
            for (String file : FILES) {
                Path map = maps.resolve(file);
                Path link = spare.resolve(file);
                if (Files.exists(map)) {
                    if (!Files.exists(link) || !Files.isSameFile(map, link)) {
                        link(map, link);
                    }
                } else if (file.equals(Publisher.MARK)) {
                    Files.deleteIfExists(link);
                }
            }
            problem = "";
        } catch (IOException e) {
            if (!problem.equals(e.toString())) {
                Log.LOG.info("No spare maps in {}, should those in {} be lost: {}", spare, maps, e.toString());
            }
            problem = e.toString();
            discard();
        }
    }

    private void link(Path map, Path link) throws IOException {
        Files.createDirectories(spare);
        Files.deleteIfExists(spare.resolve(Publisher.MARK)); // it never stands beside what is younger
        Path next = spare.resolve("." + link.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createLink(next, map);
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Without its text the rest is not put back: a part of it may be older than that. */
    private void discard() {
        try {
            Files.deleteIfExists(spare.resolve(Publisher.BACKENDS));
        } catch (IOException e) {
            Log.LOG.debug("{} stays", spare, e);
        }
    }

    /**
     * Puts the maps back if they are gone. To be called before anybody writes any. Where the text stands nothing is put back: the rest may
     * be older than that, and the mark would name it as what it is not.
     */
    public void putBack() {
        if (!Files.exists(spare.resolve(Publisher.BACKENDS)) || Files.exists(maps.resolve(Publisher.BACKENDS))) {
            return;
        }
        try {
            if (!Files.isDirectory(maps)) {
                Files.createDirectories(maps);
                Files.setPosixFilePermissions(maps, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            List<Path> back = new ArrayList<>();
            // The text last: who finds it finds the rest.
            for (int i = FILES.size() - 1; i >= 0; i--) {
                Path map = maps.resolve(FILES.get(i));
                Path link = spare.resolve(FILES.get(i));
                if (!Files.exists(map) && Files.exists(link)) {
                    Files.createLink(map, link);
                    back.add(map);
                }
            }
            if (!back.isEmpty()) {
                Log.LOG.warn("Gone, and put back: {}", back);
            }
        } catch (IOException e) {
            Log.LOG.warn("The maps in {} are not put back: {}", maps, e.toString());
        }
    }
}
