package io.rollcall.agent.view;

import io.rollcall.agent.health.Candidate;
import io.rollcall.agent.health.Condition;
import io.rollcall.agent.health.Conditions;
import io.rollcall.agent.watch.Node;
import io.rollcall.agent.watch.Roll;
import io.rollcall.registry.Paths;
import java.util.NavigableMap;

/** A backend that is gone from the registry without having left. */
record Absentee(Node node, Candidate candidate, long lostAt) {
    /** Whether somebody has its id. */
    boolean isBack(Roll roll) {
        String id = Paths.idOf(node.name());
        NavigableMap<String, Node> service = roll.services().get(node.service());
        return service != null
                && service.keySet().stream().anyMatch(name -> Paths.idOf(name).equals(id));
    }

    /** Whether its probes fail. */
    boolean isDead(Conditions conditions) {
        Condition condition = conditions.of(candidate);
        boolean neverPassed =
                condition instanceof Condition.Fresh fresh && !fresh.trouble().isEmpty();
        return neverPassed || condition instanceof Condition.Unfit;
    }
}
