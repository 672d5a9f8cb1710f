package io.rollcall.bench.load;

import io.rollcall.bench.Names;
import io.rollcall.bench.contender.Routes;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Names that move from one backend to another at a fixed rate. Where only one name is asked, it is the others that move. */
public final class Churn {
    /**
     * What came of it.
     *
     * @param changes that were made
     * @param perSecond how often the contender was told in a second: less often, where it is told of several at once
     * @param names that were changed
     * @param cpuSeconds of our thread that made them
     */
    public record Result(int changes, double perSecond, Set<String> names, double cpuSeconds) {}

    private final Routes routes;
    private final Names names;
    private final int first;
    private final double perSecond;
    private final Random random;
    private final Thread thread = new Thread(this::run, "churn");
    private volatile boolean stopped;
    // Written by the thread, read when it has ended.
    private final Set<String> changed = new LinkedHashSet<>();
    private int changes;
    private double cpuSeconds;
    private double seconds;
    private long told;
    private Optional<Exception> failure = Optional.empty();

    private Churn(Routes routes, Names names, int asked, double perSecond, long seed) {
        this.routes = routes;
        this.names = names;
        this.first = asked == 1 ? 1 : 0;
        this.perSecond = perSecond;
        this.random = new Random(seed);
        thread.setDaemon(true);
    }

    public static Churn start(Routes routes, Names names, int asked, double perSecond, long seed) {
        Churn churn = new Churn(routes, names, asked, perSecond, seed);
        churn.thread.start();
        return churn;
    }

    /** No more changes. */
    public void end() {
        stopped = true;
    }

    public Result stop() throws Exception {
        end();
        thread.join();
        if (failure.isPresent()) {
            throw failure.get();
        }
        return new Result(changes, told / seconds, Set.copyOf(changed), cpuSeconds);
    }

    private void run() {
        long before = routes.told();
        long begin = System.nanoTime();
        try {
            while (!stopped) {
                change();
                long due = begin + (long) (changes * TimeUnit.SECONDS.toNanos(1) / perSecond);
                while (!stopped && due - System.nanoTime() > 0) {
                    LockSupport.parkNanos(Math.min(due - System.nanoTime(), 20_000_000));
                }
            }
        } catch (Exception e) {
            failure = Optional.of(e);
        }
        told = routes.told() - before;
        seconds = (System.nanoTime() - begin) / 1e9;
        cpuSeconds = java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }

    private void change() throws Exception {
        int number = first + random.nextInt(names.count() - first);
        String name = names.name(number);
        String home = names.home(number);
        routes.put(name, Optional.of(routes.at(name).filter(home::equals).isPresent() ? names.away(number) : home));
        changed.add(name);
        changes++;
    }
}
