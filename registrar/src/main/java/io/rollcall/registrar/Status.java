package io.rollcall.registrar;

import io.rollcall.registry.Order;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a registration at one moment.
 *
 * @param phase how far it is
 * @param since when it came into this phase, by the wall clock, for people
 * @param error what stands in the way now; gone as soon as it does not
 * @param lastError the last thing that stood in the way, also when it is over
 * @param node path of its znode, while there is one
 * @param order to drain that it obeys, while there is one; the znode goes on saying what the application said
 */
public record Status(
        Phase phase,
        Instant since,
        Optional<String> error,
        Optional<String> lastError,
        Optional<String> node,
        Optional<Order> order) {}
