package io.rollcall.agent.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes all orders of a service back. */
@Command(
        name = "cancel",
        description = "Takes back everything that was ordered for a service; whoever waits for it ends with status 1.",
        footer = "Exit status: 0 no order stands any more, 2 wrong usage, 3 no ZooKeeper, 6 unknown service.",
        mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {
    @Mixin
    private RegistryOption registry = new RegistryOption();

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Host name or service.")
    private String service = "";

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Say say = new Say(Objects.requireNonNull(command, "set by picocli"), json);
        return registry.run(json, drains -> UndrainCommand.tell(say, service, drains.cancel(service)));
    }
}
