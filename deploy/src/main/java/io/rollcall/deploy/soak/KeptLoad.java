package io.rollcall.deploy.soak;

import io.rollcall.apache.LoadClient;
import io.rollcall.apache.LoadClient.Ask;
import io.rollcall.apache.LoadClient.Exchange;
import io.rollcall.apache.LoadReport;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** Constant load of as many GETs as POSTs on one service. Every exchange is kept, for questions afterwards. */
final class KeptLoad implements AutoCloseable {
    private final Queue<Exchange> exchanges;
    private final LoadClient client;

    private KeptLoad(Queue<Exchange> exchanges, LoadClient client) {
        this.exchanges = exchanges;
        this.client = client;
    }

    /**
     * Starts it.
     *
     * @param connections as many requests can be open at the same time
     */
    static KeptLoad start(double perSecond, int port, int connections, String service) throws IOException {
        Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
        List<Ask> asks = List.of(
                Ask.of("GET", service, "/cart?item=1"),
                Ask.of("POST", service, "/orders").onItsOwn());
        return new KeptLoad(exchanges, LoadClient.atRate(perSecond, port, connections, asks, exchanges::add));
    }

    LoadReport stop() throws InterruptedException {
        return client.stop();
    }

    /** Those that were asked at that moment or later, and have ended by now. */
    List<Exchange> since(long nanos) {
        return exchanges.stream()
                .filter(exchange -> exchange.askedNanos() - nanos >= 0)
                .toList();
    }

    /** Those that were under way at that moment. */
    List<Exchange> underWay(long nanos) {
        return exchanges.stream()
                .filter(exchange -> exchange.askedNanos() - nanos < 0 && exchange.endedNanos() - nanos >= 0)
                .toList();
    }

    /** How long these took. */
    static Samples times(List<Exchange> exchanges, Predicate<Exchange> which) {
        Samples times = new Samples();
        exchanges.stream()
                .filter(which)
                .forEach(exchange -> times.addNanos(exchange.endedNanos() - exchange.askedNanos()));
        return times;
    }

    static long failed(List<Exchange> exchanges, String method) {
        return exchanges.stream()
                .filter(exchange -> !exchange.good() && exchange.ask().method().equals(method))
                .count();
    }

    @Override
    public void close() {
        client.close();
    }
}
