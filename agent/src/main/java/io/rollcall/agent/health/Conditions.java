package io.rollcall.agent.health;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is known of all candidates at one moment; immutable.
 *
 * @param all by candidate
 * @param unknown for those that are not followed yet
 * @param heldSince since when SOFT failures are taken for this host's fault and not believed; empty if they are believed
 */
public record Conditions(Map<Candidate, Condition> all, Condition unknown, OptionalLong heldSince) {
    /** Where nothing is probed: everybody is fit. */
    public static final Conditions NONE =
            new Conditions(Map.of(), new Condition.Fit(0, Condition.Fit.FULL), OptionalLong.empty());

    public Conditions {
        all = Map.copyOf(all);
    }

    static Conditions of(Map<Candidate, Condition> all, Condition unknown) {
        return new Conditions(new HashMap<>(all), unknown, OptionalLong.empty());
    }

    public Condition of(Candidate candidate) {
        return all.getOrDefault(candidate, unknown);
    }

    /** Whether this failure is not believed while the fault may be this host's. */
    boolean disbelieved(Condition.Unfit unfit) {
        return heldSince.isPresent() && HostFault.counts(unfit) && unfit.since() - heldSince.getAsLong() >= 0;
    }
}
