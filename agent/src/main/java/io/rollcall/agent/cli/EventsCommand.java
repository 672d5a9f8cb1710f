package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the agent's journal. */
@Command(
        name = "events",
        description = "Shows what happened to backends: join, leave, lost, eject, return, drain, hold and so on.",
        footer = "Exit status: 0, or 3 if no agent answers.",
        mixinStandardHelpOptions = true)
final class EventsCommand implements Callable<Integer> {
    private static final long PAUSE_MILLIS = 500;

    @Mixin
    private SocketOption agent = new SocketOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what happens from now on, until interrupted.")
    private boolean follow;

    @Option(
            names = {"-n", "--last"},
            paramLabel = "NUMBER",
            defaultValue = "100",
            description = "At most so many of the past (default: ${DEFAULT-VALUE}).")
    private int last;

    @Option(names = "--json", description = "Print each event as a line of JSON.")
    private boolean json;

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            defaultValue = "",
            description = "Only of this one, and what is about all.")
    private String service = "";

    @Override
    public Integer call() throws InterruptedException {
        long after = 0;
        int most = last;
        do {
            long from = after;
            int number = most;
            Optional<JsonNode> answer = agent.ask("events", client -> client.events(service, from, number));
            if (answer.isEmpty()) {
                return Exit.UNREACHABLE;
            }
            if (!answer.get().path("ok").asBoolean()) {
                System.err.println(
                        "rollcall events: " + answer.get().path("error").asText());
                return Exit.USAGE;
            }
            show(answer.get());
            after = answer.get().path("last").asLong();
            most = Integer.MAX_VALUE;
            if (follow) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } while (follow);
        return Exit.DONE;
    }

    private void show(JsonNode answer) {
        long left = answer.path("left").asLong();
        if (left > 0) {
            System.err.println("rollcall events: " + left + " earlier events are left out: too many for one answer."
                    + " They are in events.log, in the agent's state.dir");
        }
        for (JsonNode event : answer.path("events")) {
            System.out.println(json ? event.toString() : text(event));
        }
    }

    private static String text(JsonNode event) {
        return String.format(
                        "%-24s  %s  %s  %s  %s",
                        event.path("at").asText(),
                        event.path("service").asText(),
                        event.path("backend").asText(),
                        event.path("what").asText(),
                        event.path("why").asText())
                .strip();
    }
}
