package io.rollcall.drain;

import io.rollcall.registry.Ack;
import io.rollcall.registry.Order;
import java.util.List;
import java.util.Optional;

/**
 * How far an order is, at one moment.
 *
 * @param service in the form in which names are compared
 * @param backend the id of the one that is drained
 * @param order as it stands; empty when it is gone
 * @param verdict what follows from the rest
 * @param agents all that are known, by id, with what they said
 * @param backendAck what the backend's own registrar said, if it did
 */
public record Progress(
        String service,
        String backend,
        Optional<Order> order,
        Verdict verdict,
        List<Answer> agents,
        Optional<Ack> backendAck) {

    /** An agent and its ack of this very version of the order, if it gave one. */
    public record Answer(KnownAgent agent, Optional<Ack> ack) {}

    public Progress {
        agents = List.copyOf(agents);
    }

    public boolean isQuiet() {
        return verdict instanceof Verdict.Quiet;
    }

    Progress with(Verdict other) {
        return new Progress(service, backend, order, other, agents, backendAck);
    }
}
