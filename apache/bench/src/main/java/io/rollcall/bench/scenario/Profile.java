package io.rollcall.bench.scenario;

import io.rollcall.bench.Threads;
import io.rollcall.bench.report.Results;
import io.rollcall.bench.report.Results.Subject;

/** Which threads of the agent used the processor, among the figures of a scenario. */
public final class Profile {
    private static final String AGENT = "agent";
    private static final String KERNEL = ", kernel";

    private Profile() {}

    /** @param unit of what a second is so many */
    static void add(Threads threads, double unit, String scenario, int names, String what, Results results) {
        threads.byName().forEach((name, used) -> {
            results.add(subject(scenario, names, begin(what) + name), used.seconds() * unit);
            results.add(subject(scenario, names, begin(what) + name + KERNEL), used.kernelSeconds() * unit);
        });
    }

    /** What the metrics of such figures begin with; the name of the threads follows. */
    public static String begin(String what) {
        return what + " by ";
    }

    /** Whether this metric is of the kernel's part of another. */
    public static boolean isKernel(String metric) {
        return metric.endsWith(KERNEL);
    }

    /** The figure of the kernel's part of that figure. */
    public static Subject kernel(Subject all) {
        return subject(all.scenario(), all.names(), all.metric() + KERNEL);
    }

    public static Subject subject(String scenario, int names, String metric) {
        return new Subject(scenario, AGENT, names, 0, metric);
    }
}
