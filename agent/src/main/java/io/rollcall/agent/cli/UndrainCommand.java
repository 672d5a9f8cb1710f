package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.registry.Excerpt;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes an order back. */
@Command(
        name = "undrain",
        description = "Takes back what was ordered for a backend: it gets requests again.",
        footer =
                "Exit status: 0 no order stands any more, 2 wrong usage, 3 no ZooKeeper, 6 unknown service or backend.",
        mixinStandardHelpOptions = true)
final class UndrainCommand implements Callable<Integer> {
    @Mixin
    private RegistryOption registry = new RegistryOption();

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Mixin
    private BackendsOption of = new BackendsOption();

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Say say = new Say(Objects.requireNonNull(command, "set by picocli"), json);
        return registry.run(json, drains -> {
            TreeSet<String> removed = new TreeSet<>();
            for (String backend : of.backends()) {
                removed.addAll(drains.undrain(of.service(), backend));
            }
            return tell(say, of.service(), removed);
        });
    }

    static int tell(Say say, String service, Iterable<String> removed) {
        ObjectNode json = Say.object();
        json.put("result", "taken-back");
        json.put("exit", Exit.DONE);
        ArrayNode backends = json.putArray("backends");
        StringBuilder text = new StringBuilder();
        for (String backend : removed) {
            backends.add(backend);
            text.append(Excerpt.line("The order for " + backend + " of " + service + " is taken back"))
                    .append('\n');
        }
        say.result(json, text.isEmpty() ? "No order stood.\n" : text.toString());
        return Exit.DONE;
    }
}
