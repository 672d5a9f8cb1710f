package io.rollcall.drain;

import io.rollcall.registry.Ack;
import java.util.List;
import java.util.stream.Collectors;

/** What can be said of a backend that an order was given for. */
public sealed interface Verdict {
    /** No request to it is open and none can come: it may be stopped. This is not taken back while the order stands. */
    record Quiet(List<Proof> proofs) implements Verdict {
        public Quiet {
            proofs = List.copyOf(proofs);
        }
    }

    /** Not quiet yet, because of these. */
    record Waiting(List<Hold> holds) implements Verdict {
        public Waiting {
            holds = List.copyOf(holds);
        }

        /** Whether all that is missing is somebody who cannot be asked. */
        public boolean unreachableOnly() {
            return !holds.isEmpty() && holds.stream().allMatch(Hold::unreachable);
        }

        public String text() {
            return holds.stream().map(Hold::text).collect(Collectors.joining("; "));
        }
    }

    /** The order ended before the backend was quiet. */
    record Ended(Why why, String detail) implements Verdict {}

    enum Why {
        /** The backend left or is gone. */
        GONE,
        /** Another process has its id. */
        RESTARTED,
        /** Somebody took the order back, or gave another one. */
        CANCELLED,
        /** One that was to take over left, is lost or is drained itself. */
        SUCCESSOR_LOST
    }

    /** What an agent's word rests on. */
    record Proof(String agent, Ack.Evidence evidence, String detail) {}

    /** Whether nothing more will come. */
    default boolean isFinal() {
        return !(this instanceof Waiting);
    }
}
