package io.rollcall.bench.scenario;

import io.rollcall.bench.Processes;
import io.rollcall.bench.Threads;
import io.rollcall.bench.contender.Registry;
import io.rollcall.bench.report.Results;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What the agent uses when nothing happens, and when each of 1,000 backends changes once a second; and its heap, afterwards. Each
 * backend has an address of its own, and is probed. It is measured once the agent is calm: Java goes on compiling what has just been
 * done, and the hashed map is written after the names have come.
 */
public final class Rest implements Scenario {
    public static final String NAME = "agent";

    /** Until the probes of an agent with httpd's logs are as few as they become, from its start. */
    private static final double CALM_SECONDS = 130;

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
        double one = window(plan).toSeconds() * 4.0 + idle(plan).toSeconds();
        return size == Busy.BACKENDS ? CALM_SECONDS + atLast(plan).toSeconds() + Busy.seconds(idle(plan)) : one;
    }

    private static Duration window(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 2 : 5);
    }

    private static Duration idle(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 5 : 15);
    }

    /** For a figure of less than a hundredth: the kernel counts hundredths of a second. */
    private static Duration atLast(Plan plan) {
        return Duration.ofSeconds(plan.quick() ? 15 : 30);
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
        if (size == Busy.BACKENDS && oneToOne.isPresent()) {
            withOthers(arena, oneToOne.get(), results);
        } else {
            alone(arena, registry, results);
        }
        heap(arena, registry.pid(), results);
    }

    private static void alone(Arena arena, Registry registry, Results results)
            throws IOException, InterruptedException {
        add(arena, results, "idle % of a core", atRest(arena, registry.agent(), results));
        add(arena, results, "resident MiB", registry.agent().rssMib());
    }

    /** While others become calm there is time for the rest. */
    private static void withOthers(Arena arena, OneToOne all, Results results) throws Exception {
        Busy busy = new Busy(results, idle(arena.plan()));
        try (AtRest others = AtRest.start(arena.place(), all.registry(), Busy.BACKENDS)) {
            alone(arena, all.registry(), results);
            add(arena, results, "weights % of a core", busy.weights(arena));
            others.awaitCalm(results);
            Threads before = Threads.of(others.logging());
            Duration time = atLast(arena.plan());
            List<Double> used = percent(List.of(others.logging(), others.probeless()), time);
            Threads since = Threads.of(others.logging()).since(before);
            Profile.add(since, 100.0 / time.toSeconds(), NAME, Busy.BACKENDS, "idle with logs", results);
            add(arena, results, "idle with logs % of a core", used.get(0));
            add(arena, results, "idle without probes % of a core", used.get(1));
        }
        add(arena, results, "moves % of a core", busy.moves(all));
    }

    private static void add(Arena arena, Results results, String metric, double figure) {
        results.add(arena.key(NAME, NAME, 0, metric), figure);
    }

    private static double atRest(Arena arena, Processes agent, Results results)
            throws IOException, InterruptedException {
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
        return byThread(agent, idle(arena.plan()), "idle", arena.names().count(), results);
    }

    /** In percent of a core, and beside it what of that which threads used. */
    static double byThread(Processes agent, Duration time, String what, int names, Results results)
            throws IOException, InterruptedException {
        Threads before = Threads.of(agent);
        long begin = System.nanoTime();
        double percent = percent(agent, time);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Profile.add(Threads.of(agent).since(before), 100 / seconds, NAME, names, what, results);
        return percent;
    }

    static double percent(Processes agent, Duration time) throws InterruptedException {
        return percent(List.of(agent), time).get(0);
    }

    /** Of each, at the same time. */
    private static List<Double> percent(List<Processes> agents, Duration time) throws InterruptedException {
        List<Double> before = agents.stream().map(Processes::cpuSeconds).toList();
        long begin = System.nanoTime();
        Thread.sleep(time.toMillis());
        double seconds = (System.nanoTime() - begin) / 1e9;
        return IntStream.range(0, agents.size())
                .mapToObj(i -> 100 * (agents.get(i).cpuSeconds() - before.get(i)) / seconds)
                .toList();
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
