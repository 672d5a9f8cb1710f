package io.rollcall.bench.load;

import io.rollcall.apache.LoadClient;
import io.rollcall.apache.LoadReport;
import io.rollcall.bench.Names;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A fixed rate. Each request counts from when it was due, so that a stall shows in full (coordinated omission). */
public final class Steady implements AutoCloseable {
    private static final int CONNECTIONS = 32;

    /**
     * What came of it.
     *
     * @param cut kept-alive connections that the server ended instead of answering; asked again
     * @param wrong answers from a backend that does not have the name
     * @param reasons the first of those that failed
     */
    public record Result(
            double p50Millis, double p99Millis, long requests, long failed, long cut, long wrong, String reasons) {
        public long lost() {
            return failed + wrong + cut;
        }
    }

    private final AtomicLong wrong = new AtomicLong();
    private final LoadClient client;

    private Steady(int port, double perSecond, Names names, List<Integer> numbers, boolean anywhere)
            throws IOException {
        List<LoadClient.Ask> asks = numbers.stream()
                .map(number -> LoadClient.Ask.of("GET", names.name(number), "/item?n=1"))
                .toList();
        client = LoadClient.atRate(perSecond, port, CONNECTIONS, asks, exchange -> {
            boolean right = anywhere
                    ? names.addresses().contains(exchange.backend())
                    : names.right(exchange.service(), exchange.backend());
            if (exchange.status() == 200 && !right) {
                wrong.incrementAndGet();
            }
        });
    }

    /** Starts it; the names are asked in turn. */
    public static Steady start(int port, double perSecond, Names names, List<Integer> numbers, boolean anywhere)
            throws IOException {
        return new Steady(port, perSecond, names, numbers, anywhere);
    }

    /** For so long, names at random. */
    public static Result load(
            int port, double perSecond, Names names, int asked, boolean anywhere, Duration time, long seed)
            throws IOException, InterruptedException {
        int howMany = (int) Math.max(1, perSecond * time.toMillis() / 1000);
        try (Steady steady = start(port, perSecond, names, names.sample(howMany, asked, seed), anywhere)) {
            Thread.sleep(time.toMillis());
            return steady.stop();
        }
    }

    public Result stop() throws InterruptedException {
        LoadReport report = client.stop();
        return new Result(
                report.latencies().quantile(0.5).toNanos() / 1e6,
                report.latencies().quantile(0.99).toNanos() / 1e6,
                report.ok() + report.failed(),
                report.failed(),
                report.askedAgain(),
                wrong.get(),
                report.failures().stream()
                        .limit(3)
                        .map(one -> one.at() + " " + one.request() + ": " + one.reason())
                        .collect(Collectors.joining("; ")));
    }

    @Override
    public void close() {
        client.close();
    }
}
