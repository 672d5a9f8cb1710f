package io.rollcall.registry;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What somebody wants of one backend that its own znode cannot say. Service and id are in the path; whoever obeys it quotes the
 * {@code czxid} and {@code mzxid} of the znode, so that an ack is for this very order.
 *
 * @param action what to do
 * @param incarnation of the process it is meant for: the order ends with that, a server started anew under the id is not drained.
 *     Empty: it is meant for the znode that was there when the order was written, and ends with that
 * @param target {@code address:port} of the backend as registered, for those who find it gone from the registry; empty if not told
 * @param to backends that take over: an agent does not take the one that is drained out before it routes to all of these
 * @param by who wants it, for people
 * @param at when, as ISO 8601, for people
 * @param deadline how long after an agent first saw it an order that is not yet carried out is given up
 */
public record Order(
        Action action, String incarnation, String target, List<Successor> to, String by, String at, Duration deadline) {

    /** What to do. */
    public enum Action {
        /** Only tell whether {@link Order#to} is routable: nobody is taken out yet. */
        PREPARE,
        /** Send nothing new to the backend. */
        DRAIN;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Action> of(String word) {
            return List.of(values()).stream()
                    .filter(action -> action.word().equals(word))
                    .findFirst();
        }
    }

    /**
     * A backend that takes over.
     *
     * @param incarnation empty: whichever process has the id
     */
    public record Successor(String id, String incarnation) {
        public Successor {
            require(!id.isBlank(), "to.id", id, "the id of a backend");
            Objects.requireNonNull(incarnation, "incarnation");
        }
    }

    public static final Duration DEFAULT_DEADLINE = Duration.ofHours(24);
    public static final Duration MAX_DEADLINE = Duration.ofDays(365);

    public Order {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(incarnation, "incarnation");
        Objects.requireNonNull(target, "target");
        to = List.copyOf(to);
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        require(
                deadline.toSeconds() >= 1 && deadline.compareTo(MAX_DEADLINE) <= 0,
                "deadlineSeconds",
                deadline.toSeconds(),
                "1.." + MAX_DEADLINE.toSeconds());
    }

    public Order withAction(Action next) {
        return new Order(next, incarnation, target, to, by, at, deadline);
    }

    private static void require(boolean holds, String field, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(field + ": '" + value + "' (expected: " + expected + ")");
        }
    }
}
