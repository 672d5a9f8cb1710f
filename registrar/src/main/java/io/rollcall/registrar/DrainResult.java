package io.rollcall.registrar;

import io.rollcall.drain.Hold;
import io.rollcall.drain.Verdict;
import java.util.List;
import java.util.stream.Collectors;

/** How far a backend is that drains itself. */
public sealed interface DrainResult {
    /** No request from any httpd is open and none can come: the server may stop. What each agent's word rests on is told. */
    record Quiet(List<Verdict.Proof> proofs) implements DrainResult {
        public Quiet {
            proofs = List.copyOf(proofs);
        }

        @Override
        public String text() {
            return proofs.stream()
                    .map(proof -> proof.agent() + " by " + proof.evidence().word())
                    .collect(Collectors.joining(", ", "quiet: ", ""));
        }
    }

    /** Not yet, because of these; none are known before everybody was asked. */
    record Waiting(List<Hold> holds) implements DrainResult {
        public Waiting {
            holds = List.copyOf(holds);
        }

        @Override
        public String text() {
            return holds.stream().map(Hold::text).collect(Collectors.joining("; ", "not quiet yet: ", ""));
        }
    }

    /** The order ended before the backend was quiet: somebody took it back, or another process has the backend's id. */
    record Ended(String why) implements DrainResult {
        @Override
        public String text() {
            return "not quiet: " + why;
        }
    }

    /**
     * Nobody can tell: no order could be given, or there is no agent to obey it. The backend says {@code draining} of itself as soon as it can, and is
     * to serve for a while what comes all the same.
     */
    record Unproven(String why) implements DrainResult {
        @Override
        public String text() {
            return "not proven: " + why;
        }
    }

    /** Whether the server may stop, proven. */
    default boolean isQuiet() {
        return this instanceof Quiet;
    }

    default boolean isFinal() {
        return !(this instanceof Waiting);
    }

    /** One line for people. */
    String text();
}
