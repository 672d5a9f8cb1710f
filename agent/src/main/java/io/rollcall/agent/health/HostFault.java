package io.rollcall.agent.health;

import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Whether it is this host that is not well: when most backends, of all services and on several hosts, become silent within seconds,
 * the one thing that they share is who asks. Only SOFT failures of probes count: who refuses a connection has been reached.
 */
final class HostFault {
    private static final int FEWEST_TARGETS = 4;
    private static final int FEWEST_HOSTS = 2;
    private static final long WINDOW = 5_000_000_000L;

    private HostFault() {}

    static boolean counts(Condition.Unfit unfit) {
        return !unfit.failure().isHard() && unfit.failure().source() == Failure.Source.PROBE;
    }

    /** Since when there is a fault, if there is; {@code before} is what this said the last time. */
    static OptionalLong judge(Map<Candidate, Condition> all, OptionalLong before, long now) {
        long from = before.orElse(now - WINDOW);
        Set<String> targets = new HashSet<>();
        Set<String> silent = new HashSet<>();
        Set<String> hosts = new HashSet<>();
        long first = now;
        for (Map.Entry<Candidate, Condition> entry : all.entrySet()) {
            Candidate candidate = entry.getKey();
            if (entry.getValue() instanceof Condition.Fresh) {
                continue;
            }
            targets.add(candidate.target());
            if (entry.getValue() instanceof Condition.Unfit unfit && counts(unfit) && unfit.since() - from >= 0) {
                silent.add(candidate.target());
                hosts.add(candidate.host());
                first = unfit.since() - first < 0 ? unfit.since() : first;
            }
        }
        boolean most = 2 * silent.size() > targets.size();
        if (before.isPresent()) {
            return most ? before : OptionalLong.empty();
        }
        return most && targets.size() >= FEWEST_TARGETS && hosts.size() >= FEWEST_HOSTS
                ? OptionalLong.of(first)
                : OptionalLong.empty();
    }
}
