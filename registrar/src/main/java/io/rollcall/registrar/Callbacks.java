package io.rollcall.registrar;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the application's own code runs: one daemon thread, there only while there is something to call. */
final class Callbacks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Registrar.class);
    private static final int MOST_WAITING = 1000;

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> Loop.daemon(task, "rollcall-registrar-callbacks"));

    Callbacks() {
        executor.allowCoreThreadTimeOut(true);
    }

    void run(Runnable callback) {
        try {
            executor.execute(() -> {
                try {
                    callback.run();
                } catch (RuntimeException | Error e) {
                    log.error("a listener of the application failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            if (!executor.isShutdown()) {
                log.warn("a listener of the application was not called: {} calls are waiting for one", MOST_WAITING);
            }
        }
    }

    /** What was handed over is still called. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
