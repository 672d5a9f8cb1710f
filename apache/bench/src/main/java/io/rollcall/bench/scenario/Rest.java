package io.rollcall.bench.scenario;

import io.rollcall.bench.Processes;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.load.Churn;
import io.rollcall.bench.report.Results;
import io.rollcall.deploy.stage.AgentProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the agent uses when nothing happens, and when each of 1,000 backends changes once a second; and its heap, afterwards. Each
 * backend has an address of its own, and is probed. It is measured once the agent is calm: Java goes on compiling what has just been
 * done, and the hashed map is written after the names have come.
 */
public final class Rest implements Scenario {
    public static final String NAME = "agent";

    private static final int BUSY_SIZE = 1000;

    /** Two windows that differ by less than this many percent of a core, or by a tenth, are alike. */
    private static final double ALIKE = 0.1;

    private static final Pattern HEAP = Pattern.compile("total (\\d+)K, used (\\d+)K");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String about() {
        return "CPU of the agent at rest, and while each of 1,000 backends changes once a second; its memory";
    }

    @Override
    public double seconds(Plan plan, int size) {
        double calm = window(plan).toSeconds() * 4.0;
        return (size == BUSY_SIZE ? 3 : 1) * (calm + idle(plan).toSeconds()) + (size == BUSY_SIZE ? 5 : 0);
    }

    private static Duration window(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 2 : 5);
    }

    private static Duration idle(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 5 : 15);
    }

    /** Waits no longer for it. */
    private static int mostWindows(Plan plan) {
        return plan.quick() ? 5 : 15;
    }

    @Override
    public void run(Arena arena, Results results, Progress progress) throws Exception {
        if (arena.registry().isEmpty()) {
            return;
        }
        int size = arena.names().count();
        progress.step("%,d names: agent at rest".formatted(size), seconds(arena.plan(), size));
        Optional<OneToOne> oneToOne = arena.oneToOne();
        Registry registry = oneToOne.isPresent()
                ? oneToOne.get().registry()
                : arena.registry().get();
        results.add(arena.key(NAME, NAME, 0, "idle % of a core"), atRest(arena, registry.agent(), results));
        results.add(arena.key(NAME, NAME, 0, "resident MiB"), registry.agent().rssMib());
        if (size == BUSY_SIZE && oneToOne.isPresent()) {
            busy(arena, oneToOne.get(), results);
            try (AgentProcess agent = AgentProcess.follow(
                    arena.place().inside("no-probes"), registry.connect(), Map.of("probe.interval", "off"))) {
                double idle = atRest(arena, Processes.of(agent.pid()), results);
                results.add(arena.key(NAME, NAME, 0, "idle without probes % of a core"), idle);
            }
        }
        heap(arena, registry.pid(), results);
    }

    private static double atRest(Arena arena, Processes agent, Results results) throws InterruptedException {
        Duration window = window(arena.plan());
        double before = percent(agent, window);
        for (int i = 1; ; i++) {
            double now = percent(agent, window);
            if (Math.abs(now - before) < Math.max(ALIKE, before / 10)) {
                break;
            }
            if (i == mostWindows(arena.plan())) {
                results.note("%,d names: the agent was not calm after %d s: %.2f %% of a core, then %.2f %%"
                        .formatted(arena.names().count(), i * window.toSeconds(), before, now));
                break;
            }
            before = now;
        }
        return percent(agent, idle(arena.plan()));
    }

    private static double percent(Processes agent, Duration time) throws InterruptedException {
        double before = agent.cpuSeconds();
        long begin = System.nanoTime();
        Thread.sleep(time.toMillis());
        return 100 * (agent.cpuSeconds() - before) / ((System.nanoTime() - begin) / 1e9);
    }

    /** Each backend changes once a second. */
    private static void busy(Arena arena, OneToOne all, Results results) throws Exception {
        Churn churn = Churn.start(all.registry().tree(), all.names(), BUSY_SIZE, BUSY_SIZE, 1);
        Thread.sleep(2 * window(arena.plan()).toMillis()); // what is compiled for it, is
        double used = percent(all.registry().agent(), idle(arena.plan()));
        Churn.Result result = churn.stop();
        if (result.perSecond() < 0.9 * BUSY_SIZE) {
            results.note(
                    "the agent was told of %.0f changes/s instead of %,d".formatted(result.perSecond(), BUSY_SIZE));
        }
        results.add(arena.key(NAME, NAME, 0, "busy % of a core"), used);
    }

    /** What it has taken from the system, garbage and all; and what is in use, once that is collected. */
    private static void heap(Arena arena, long pid, Results results) throws InterruptedException {
        results.attempt("heap of the agent", () -> {
            results.add(arena.key(NAME, NAME, 0, "heap MiB"), heap(pid, 1));
            jcmd(pid, "GC.run");
            results.add(arena.key(NAME, NAME, 0, "heap in use MiB"), heap(pid, 2));
        });
    }

    /** Of both generations. */
    private static double heap(long pid, int group) throws IOException {
        Matcher matcher = HEAP.matcher(jcmd(pid, "GC.heap_info"));
        double kilobytes = 0;
        while (matcher.find()) {
            kilobytes += Long.parseLong(matcher.group(group));
        }
        return kilobytes / 1024;
    }

    private static String jcmd(long pid, String what) throws IOException {
        String program = System.getProperty("java.home") + "/bin/jcmd";
        Process process = Processes.bounded(
                new ProcessBuilder(program, Long.toString(pid), what)
                        .redirectErrorStream(true)
                        .start(),
                Duration.ofSeconds(30));
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
