package io.rollcall.agent.health;

import io.rollcall.agent.table.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is known of all candidates at one moment; immutable. The next value shares what did not change.
 *
 * @param services by service: its candidates and how they are
 * @param unknown for those that are not followed yet
 * @param heldSince since when silence is taken for this host's fault and not believed; empty if they are believed
 */
public record Conditions(Table<Map<Candidate, Condition>> services, Condition unknown, OptionalLong heldSince) {
    /** Where nothing is probed: everybody is fit. */
    public static final Conditions NONE = of(Map.of(), new Condition.Fit(0, Condition.Fit.FULL), OptionalLong.empty());

    public static Conditions of(Map<Candidate, Condition> all, Condition unknown, OptionalLong heldSince) {
        Map<String, Map<Candidate, Condition>> services = new HashMap<>();
        all.forEach((candidate, condition) -> services.computeIfAbsent(candidate.service(), name -> new HashMap<>())
                .put(candidate, condition));
        services.replaceAll((name, candidates) -> Map.copyOf(candidates));
        return new Conditions(Table.copyOf(services), unknown, heldSince);
    }

    public Condition of(Candidate candidate) {
        return services.getOrDefault(candidate.service(), Map.of()).getOrDefault(candidate, unknown);
    }

    /** How many candidates are followed. */
    public int size() {
        return services.values().stream().mapToInt(Map::size).sum();
    }

    /** Whether what is the same of a service means the same for it as it did in that value. */
    public boolean meansTheSameAs(Conditions other) {
        return unknown.equals(other.unknown) && heldSince.equals(other.heldSince);
    }

    /** Whether this failure is not believed while the fault may be this host's. */
    boolean disbelieved(Condition.Unfit unfit) {
        return heldSince.isPresent() && HostFault.counts(unfit) && unfit.since() - heldSince.getAsLong() >= 0;
    }
}
