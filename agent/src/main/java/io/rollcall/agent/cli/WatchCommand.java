package io.rollcall.agent.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.drain.Event;
import io.rollcall.registry.Excerpt;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what happens in the registry, until it is ended. */
@Command(
        name = "watch",
        description = "Shows who is there, and then joins, leaves, losses and drains as they happen, one line each.",
        footer = "Ends on Ctrl-C, or when nobody reads what it prints.",
        mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
    @Mixin
    private RegistryOption registry = new RegistryOption();

    @Option(names = "--json", description = "Print each as a JSON object on a line of its own.")
    private boolean json;

    @Parameters(index = "0", arity = "0..1", paramLabel = "SERVICE", description = "Only this one.")
    private String service = "";

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Say say = new Say(Objects.requireNonNull(command, "set by picocli"), json);
        return registry.run(json, drains -> {
            CountDownLatch unread = new CountDownLatch(1);
            drains.agents(); // fails where there is no ZooKeeper, instead of waiting without a word
            drains.watch(service, event -> {
                say.result(json(event), event.at() + " " + Excerpt.line(event.text()) + "\n");
                if (say.command().commandLine().getOut().checkError()) {
                    unread.countDown();
                }
            });
            unread.await();
            return Exit.DONE;
        });
    }

    private static ObjectNode json(Event event) {
        ObjectNode json = Say.object();
        json.put("at", event.at().toString());
        json.put("event", event.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.put("service", event.service());
        json.put("backend", event.backend());
        json.put("target", event.target());
        json.put("version", event.version());
        json.put("detail", event.detail());
        return json;
    }
}
