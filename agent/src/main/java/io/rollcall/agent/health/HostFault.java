package io.rollcall.agent.health;

import io.rollcall.agent.health.Condition.Fresh;
import io.rollcall.agent.health.Condition.Unfit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether it is this host that is not well: when nearly all backends, of all services and on several hosts, become silent within
 * seconds, the one thing that they share is who asks. Where some go on answering, a part of the network is gone or a part of the
 * backends, and there is somebody to send to. Who refuses a connection or answers with an error has been reached. It is told of
 * each change, so that a judgement looks only at those that are silent. Used by one thread.
 */
final class HostFault {
    private static final int FEWEST_TARGETS = 4;
    private static final int FEWEST_HOSTS = 2;
    private static final int NEARLY_ALL = 90; // per cent
    private static final long WINDOW = 5_000_000_000L;

    private final Map<String, Integer> heard = new HashMap<>(); // targets: how many candidates there are not new
    private final Map<Candidate, Unfit> silent = new HashMap<>();

    static boolean counts(Unfit unfit) {
        return unfit.failure().kind() == Failure.Kind.SILENT;
    }

    /** A candidate is otherwise than it was; null where it is not followed. */
    void changed(Candidate candidate, @Nullable Condition before, @Nullable Condition after) {
        int more = isHeard(after) - isHeard(before);
        if (more != 0) {
            heard.merge(candidate.target(), more, (one, other) -> one + other == 0 ? null : one + other);
        }
        if (after instanceof Unfit unfit && counts(unfit)) {
            silent.put(candidate, unfit);
        } else {
            silent.remove(candidate);
        }
    }

    private static int isHeard(@Nullable Condition condition) {
        return condition == null || condition instanceof Fresh ? 0 : 1;
    }

    /** Since when there is a fault, if there is; {@code before} is what this said the last time. */
    OptionalLong judge(OptionalLong before, long now) {
        long from = before.orElse(now - WINDOW);
        Set<String> targets = new HashSet<>();
        Set<String> hosts = new HashSet<>();
        long first = now;
        for (Map.Entry<Candidate, Unfit> entry : silent.entrySet()) {
            long since = entry.getValue().since();
            if (since - from >= 0) {
                targets.add(entry.getKey().target());
                hosts.add(entry.getKey().host());
                first = since - first < 0 ? since : first;
            }
        }
        boolean nearlyAll = 100 * targets.size() >= NEARLY_ALL * heard.size();
        if (before.isPresent()) {
            return nearlyAll ? before : OptionalLong.empty();
        }
        return nearlyAll && heard.size() >= FEWEST_TARGETS && hosts.size() >= FEWEST_HOSTS
                ? OptionalLong.of(first)
                : OptionalLong.empty();
    }
}
