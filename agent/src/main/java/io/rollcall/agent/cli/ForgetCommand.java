package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes the agent forget a name whose last backend is gone. */
@Command(
        name = "forget",
        description = "Forgets a name whose last backend is gone: httpd answers 404 instead of 503.",
        footer = "Exit status: 0 if it is forgotten, 1 if it has backends or is not known, 3 if no agent answers.",
        mixinStandardHelpOptions = true)
final class ForgetCommand implements Callable<Integer> {
    @Mixin
    private SocketOption agent = new SocketOption();

    @Parameters(paramLabel = "NAME", description = "Host name or service.")
    private String name = "";

    @Override
    public Integer call() {
        Optional<JsonNode> answer = agent.ask("forget", client -> client.forget(name));
        if (answer.isEmpty()) {
            return Exit.UNREACHABLE;
        }
        if (!answer.get().path("ok").asBoolean()) {
            System.err.println("rollcall forget: " + answer.get().path("error").asText());
            return Exit.NO;
        }
        System.out.println("Forgot " + answer.get().path("forgot").asText() + ".");
        return Exit.DONE;
    }
}
