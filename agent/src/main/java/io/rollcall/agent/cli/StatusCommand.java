package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.agent.admin.AdminClient;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what the running agent knows. */
@Command(
        name = "status",
        description = "Shows services, backends, their state, and how fresh the agent's view is.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private SocketOption agent = new SocketOption();

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Optional<JsonNode> answer = agent.ask("status", AdminClient::status);
        if (answer.isEmpty()) {
            return Exit.UNREACHABLE;
        }
        System.out.print(json ? answer.get().toPrettyString() + "\n" : StatusText.of(answer.get()));
        return Exit.DONE;
    }
}
