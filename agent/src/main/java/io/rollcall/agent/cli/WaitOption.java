package io.rollcall.agent.cli;

import io.rollcall.drain.Terms;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What the commands share that give an order and wait for it. */
final class WaitOption {
    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5m",
            converter = DurationText.class,
            description = "How long to wait (default: ${DEFAULT-VALUE}). The order stands also after that.")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            defaultValue = "24h",
            converter = DurationText.class,
            description =
                    "The order is given up by the agents if it is not carried out by then (default: ${DEFAULT-VALUE}).")
    private Duration deadline = Duration.ZERO;

    @Option(names = "--no-wait", description = "Return as soon as it is ordered.")
    private boolean noWait;

    @Option(names = "--by", paramLabel = "NAME", description = "Who orders it, for others to see (default: user@host).")
    private String by = Terms.DEFAULT.by();

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    boolean json() {
        return json;
    }

    boolean noWait() {
        return noWait;
    }

    Duration timeout() {
        return timeout;
    }

    Terms terms(boolean force) {
        return Terms.DEFAULT.by(by).deadline(deadline).force(force);
    }
}
