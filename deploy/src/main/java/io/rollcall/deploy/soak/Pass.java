package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Server.Sight;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One handover, and what the backend that was handed over saw.
 *
 * @param orderedNanos when it was asked for
 * @param quietNanos when the call returned
 * @param killedNanos when the process was gone
 */
record Pass(
        String service,
        Hand.Answer answer,
        boolean byCommand,
        long orderedNanos,
        long quietNanos,
        long killedNanos,
        List<Sight> seen) {

    /** How long a request of these paths is open. */
    private static final Map<String, Duration> LONG = Map.of(
            "/slow", Duration.ofMillis(1900),
            "/upload", Duration.ofMillis(1900),
            "/download", Duration.ofMillis(2900),
            "/socket", Duration.ofMillis(2900));

    Pass {
        seen = List.copyOf(seen);
    }

    static List<String> longPaths() {
        return LONG.keySet().stream().sorted().toList();
    }

    /** Connections and requests that came after it was told that none would. */
    long late() {
        return seen.stream().filter(sight -> sight.nanos() - quietNanos > 0).count();
    }

    /** Long requests that were open when the handover was asked for, by path. */
    Map<String, Long> openAtOrder() {
        Map<String, Long> open = new TreeMap<>();
        for (Sight sight : seen) {
            Duration lasts = LONG.get(sight.what());
            long age = orderedNanos - sight.nanos();
            if (lasts != null && age > 0 && age < lasts.toNanos()) {
                open.merge(sight.what(), 1L, Long::sum);
            }
        }
        return open;
    }

    /** From the call to the last request that came. */
    long lastRequestNanos() {
        return seen.stream().mapToLong(Sight::nanos).max().orElse(orderedNanos) - orderedNanos;
    }
}
