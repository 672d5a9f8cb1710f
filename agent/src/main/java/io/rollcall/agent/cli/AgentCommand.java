package io.rollcall.agent.cli;

import io.rollcall.agent.Agent;
import io.rollcall.agent.LostMaps;
import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the agent in the foreground until it is told to end. */
@Command(
        name = "agent",
        description = "Watches the registry and publishes maps for httpd, until SIGTERM or SIGINT.",
        mixinStandardHelpOptions = true)
final class AgentCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Properties; conf/agent.properties explains each key. Without it all defaults hold.")
    private @Nullable Path config;

    @Option(
            names = "--embedded-zookeeper",
            description =
                    "Run a ZooKeeper inside the agent, for a site with one httpd host (embedded.zookeeper = true).")
    private boolean embedded;

    @Option(names = "--check-config", description = "Check the configuration and end.")
    private boolean checkOnly;

    @Override
    public Integer call() throws InterruptedException {
        AgentConfig settings;
        try {
            settings = config == null ? AgentConfig.defaults(embedded) : AgentConfig.read(config, embedded);
        } catch (ConfigException e) {
            System.err.println("rollcall agent: " + e.getMessage());
            return Exit.USAGE;
        }
        if (checkOnly) {
            System.out.println("The configuration is sound.");
            return Exit.DONE;
        }
        LostMaps.putBack(settings);
        return run(settings);
    }

    private static int run(AgentConfig settings) throws InterruptedException {
        Agent agent = new Agent(settings);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(agent, ended), "rollcall-shutdown"));
        try {
            agent.start();
        } catch (IOException e) {
            System.err.println("rollcall agent: " + e.getMessage());
            return Exit.NO;
        }
        ended.await();
        return Exit.DONE;
    }

    private static void close(Agent agent, CountDownLatch ended) {
        Logger log = LoggerFactory.getLogger(AgentCommand.class);
        try {
            agent.close();
            log.info("Agent ended; the maps stay as they are");
        } catch (IOException e) {
            log.warn("The agent did not end cleanly: {}", e.toString());
        }
        ended.countDown();
    }
}
