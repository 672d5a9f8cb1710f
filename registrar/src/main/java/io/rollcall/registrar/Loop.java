package io.rollcall.registrar;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The single daemon thread that owns every decision of a registrar. What comes after the close is dropped without a word. */
final class Loop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Registrar.class);

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, task -> daemon(task, "rollcall-registrar"), new ThreadPoolExecutor.DiscardPolicy());

    Loop() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    void run(Runnable task) {
        executor.execute(guarded(task));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // guarded: it has nothing to tell
    void later(Duration delay, Runnable task) {
        executor.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                log.error("a step of the registrar failed; the periodic check goes on from here", e);
            }
        };
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
