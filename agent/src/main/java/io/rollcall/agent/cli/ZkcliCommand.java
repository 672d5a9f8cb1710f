package io.rollcall.agent.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.zookeeper.ZooKeeperMain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** ZooKeeper's own command line, for hosts that have no other ZooKeeper than the agent's; the launcher starts it directly. */
@Command(name = "zkcli", description = "ZooKeeper's own command line: rollcall zkcli -server HOST:PORT.")
final class ZkcliCommand implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ZooKeeperMain.main(arguments.toArray(String[]::new));
        return Exit.DONE;
    }
}
