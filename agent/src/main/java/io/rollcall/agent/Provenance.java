package io.rollcall.agent;

import io.rollcall.agent.publish.Publisher;
import io.rollcall.agent.publish.Snapshot;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the maps on the disk are made of the snapshot on the disk. Maps are written first, and a snapshot up to a second later; so an
 * agent that died between has left maps that are younger, and who started from that snapshot would send requests to backends that
 * have left, and none to those that came.
 *
 * <p>So a mark stands beside the maps, which names the snapshot by its sum: it is taken away before maps are made of anything else, and
 * set once the maps and the snapshot are written and say the same. Where it names the snapshot, a restarted agent is where the one
 * before was, and may do what that would have done. Used by the publishing thread, but for {@link #lacksMark}.
 */
final class Provenance {
    private static final Logger LOG = LoggerFactory.getLogger(Provenance.class);

    private final Publisher publisher;
    private final Optional<Snapshot> start;
    private final String sum;
    private boolean looked;
    private boolean ours;
    private boolean stands = true; // a mark, perhaps
    private Optional<Snapshot> made = Optional.empty(); // what the maps are made of, if that is known
    private volatile Optional<Snapshot> named = Optional.empty(); // by the mark

    /** @param sum of the snapshot that the agent starts with, if there is one */
    Provenance(Publisher publisher, Optional<Snapshot> start, String sum) {
        this.publisher = publisher;
        this.start = start;
        this.sum = sum;
    }

    /**
     * Whether maps may be made.
     *
     * @param current of what the registry says, and not of the snapshot
     */
    boolean permits(boolean current) {
        try {
            if (!current && !looked && start.isPresent() && publisher.isMarked(sum)) {
                ours = true;
                made = start;
                named = start;
            }
            looked = true;
            // Better a name where it was a second ago than none of them.
            ours |= current || !publisher.hasMaps() || (start.isPresent() && publisher.isTorn());
        } catch (IOException e) {
            LOG.debug("Another agent may still be at work there", e); // who tries to write is told the same
        }
        return ours;
    }

    /** Maps are about to be made of this. */
    void begin(Snapshot next) throws IOException {
        made = Optional.empty();
        if (named.equals(Optional.of(next))) {
            named = Optional.of(next); // the same, but this object: compared by reference the next time
        } else if (stands) {
            publisher.unmark();
            stands = false;
            named = Optional.empty();
        }
    }

    /** They are. */
    void end(Snapshot next) {
        made = Optional.of(next);
    }

    /** Whether {@link #saved} may have something to do. Any thread may ask, and ask again. */
    boolean lacksMark() {
        return named.isEmpty();
    }

    /** This snapshot, of that sum, is on the disk. */
    void saved(Snapshot snapshot, String sum) {
        if (named.isEmpty() && made.equals(Optional.of(snapshot))) {
            try {
                stands = true;
                publisher.mark(sum);
                named = made;
            } catch (IOException e) {
                LOG.debug(
                        "The mark beside the maps is not set",
                        e); // tried again; without it nothing is worse than before
            }
        }
    }
}
