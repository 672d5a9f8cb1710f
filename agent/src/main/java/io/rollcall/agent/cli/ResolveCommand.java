package io.rollcall.agent.cli;

import io.rollcall.agent.resolve.Resolve;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Lists the resolver among the commands; the launcher starts it without picocli, because httpd waits for it. */
@Command(name = "resolve", description = "Answers httpd's prg: lookups; started by httpd.")
final class ResolveCommand implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        return Resolve.run(arguments.toArray(String[]::new));
    }
}
