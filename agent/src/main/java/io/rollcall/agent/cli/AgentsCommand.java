package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.drain.KnownAgent;
import io.rollcall.registry.Excerpt;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the agents that may be routing, and retires one. */
@Command(
        name = "agents",
        description = "Shows the agents that are known: a drain waits for each of them.",
        footer = "Exit status: 0; 2 wrong usage; 3 no ZooKeeper.",
        subcommands = AgentsCommand.Forget.class,
        mixinStandardHelpOptions = true)
final class AgentsCommand implements Callable<Integer> {
    @Mixin
    private RegistryOption registry = new RegistryOption();

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Say say = new Say(Objects.requireNonNull(command, "set by picocli"), json);
        return registry.run(json, drains -> {
            List<KnownAgent> agents = drains.agents();
            ObjectNode object = Say.object();
            ArrayNode all = object.putArray("agents");
            agents.forEach(agent -> all.addObject()
                    .put("id", agent.id())
                    .put("host", agent.host())
                    .put("connected", agent.connected())
                    .put("lastSeen", agent.lastSeen().toString()));
            say.result(object, agents.isEmpty() ? "No agent is known.\n" : table(agents));
            return Exit.DONE;
        });
    }

    private static String table(List<KnownAgent> agents) {
        List<String[]> rows = agents.stream()
                .map(agent -> new String[] {
                    agent.id(),
                    agent.host(),
                    agent.connected() ? "yes" : "no",
                    agent.lastSeen().toString()
                })
                .toList();
        return Table.of(new String[] {"AGENT", "HOST", "CONNECTED", "LAST SEEN"}, rows);
    }

    /** Retires an agent that will not come back. */
    @Command(
            name = "forget",
            description =
                    "Forgets an agent that is not connected and will not come back: no drain waits for it any more."
                            + " Only when its httpd is stopped or its maps are gone: else it may still be routing from its last view.",
            footer = "Exit status: 0 forgotten, 1 it is connected, 2 wrong usage, 3 no ZooKeeper, 6 no such agent.",
            mixinStandardHelpOptions = true)
    static final class Forget implements Callable<Integer> {
        @Mixin
        private RegistryOption registry = new RegistryOption();

        @Option(names = "--json", description = "Print the result as one JSON object.")
        private boolean json;

        @Parameters(index = "0", paramLabel = "AGENT", description = "Its name in `rollcall agents`.")
        private String agent = "";

        @Spec
        private @Nullable CommandSpec command;

        @Override
        public Integer call() throws InterruptedException {
            Say say = new Say(Objects.requireNonNull(command, "set by picocli"), json);
            return registry.run(json, drains -> {
                drains.forget(agent);
                ObjectNode object = Say.object();
                object.put("result", "forgotten").put("exit", Exit.DONE).put("agent", agent);
                say.result(object, Excerpt.line("Forgot " + agent + ".") + "\n");
                return Exit.DONE;
            });
        }
    }
}
