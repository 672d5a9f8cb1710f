package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Fronts;
import io.rollcall.deploy.stage.Server;
import io.rollcall.deploy.stage.Waiting;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** All backends of one service replaced one after the other, by the shell script of the documentation. */
final class Rolling implements Run {
    private static final String SHOP = "shop.example.com";

    @Override
    public String name() {
        return "rolling";
    }

    @Override
    public String about() {
        return "20 backends replaced by a shell script of `rollcall handover` and `kill` (docs/rolling.sh), under 500 requests/s: 0 failed";
    }

    @Override
    public void run(Ground ground, Report report) throws Exception {
        int number = ground.size().pick(20, 5, 2);
        try (Fronts fronts = Fronts.start(ground.place().inside("rolling"), Fronts.Evidence.REQUESTS)) {
            Deque<Server> old = new ArrayDeque<>();
            for (int i = 1; i <= number; i++) {
                Server server = fronts.startServer(SHOP, "old-" + i).awaitRegistered();
                fronts.awaitRouted(server);
                old.add(server);
            }
            HttpdLogs logs = HttpdLogs.from(fronts);
            try (MixedLoad load = MixedLoad.start(fronts.fronts(), List.of(SHOP))) {
                Waiting.pause(Duration.ofSeconds(4));
                long begin = System.nanoTime();
                List<Server> replaced = replace(fronts, old, report);
                report.figure("replaced by the script", replaced.size(), "backends");
                report.figure("in", (System.nanoTime() - begin) / 1e9, "s");
                Waiting.pause(Duration.ofSeconds(2));
                load.stop();
                report.expect("all were replaced", replaced.size() == number, replaced.size());
                long alive = replaced.stream()
                        .filter(server -> server.process().alive())
                        .count();
                report.expect("all of them have ended", alive == 0, alive);
                HandoverVerdict.tellLoad("in all", load, logs.since(), report);
            }
        }
    }

    /** Which backends the script said it replaced. Each new one is started when the one before has taken over. */
    private static List<Server> replace(Fronts fronts, Deque<Server> old, Report report) throws Exception {
        ProcessBuilder command = new ProcessBuilder(
                fronts.place().top().resolve("docs/rolling.sh").toString(), SHOP);
        Map<String, String> environment = command.environment();
        environment.put("PATH", fronts.place().distribution().resolve("bin") + ":" + environment.get("PATH"));
        environment.put("ROLLCALL_ZOOKEEPER", fronts.zookeeper());
        Process script = command.redirectErrorStream(true).start();
        List<Server> replaced = new ArrayList<>();
        try (BufferedWriter in = script.outputWriter(StandardCharsets.UTF_8);
                BufferedReader out = script.inputReader(StandardCharsets.UTF_8)) {
            int number = 0;
            for (Server server : old) {
                Server next = fronts.startServer(SHOP, "new-" + ++number).awaitRegistered();
                in.write(server.id() + " " + server.process().pid() + " " + next.id() + "\n");
                in.flush();
                if (!awaitReplaced(out, server, report)) {
                    return replaced;
                }
                replaced.add(server);
            }
        } finally {
            script.descendants().forEach(ProcessHandle::destroy);
            script.destroy();
        }
        return replaced;
    }

    private static boolean awaitReplaced(BufferedReader out, Server server, Report report) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            report.say("    " + line);
            if (line.startsWith("replaced " + server.id() + " ")) {
                return Waiting.until(
                        Duration.ofSeconds(10), () -> !server.process().alive());
            }
        }
        return false;
    }
}
