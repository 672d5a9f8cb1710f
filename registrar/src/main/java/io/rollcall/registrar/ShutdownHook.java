package io.rollcall.registrar;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs when the JVM is told to end. */
final class ShutdownHook {
    private static final Logger log = LoggerFactory.getLogger(Registrar.class);

    private final Thread thread;

    private ShutdownHook(Thread thread) {
        this.thread = thread;
    }

    static ShutdownHook add(Runnable first, Runnable then) {
        Thread thread = new Thread(
                () -> {
                    run(first);
                    run(then);
                },
                "rollcall-registrar-shutdown");
        Runtime.getRuntime().addShutdownHook(thread);
        return new ShutdownHook(thread);
    }

    private static void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            log.error("a step of the shutdown failed; the next one follows", e);
        }
    }

    /** Nothing is left to do. Too late while it runs. */
    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            // the JVM is ending
        }
    }
}
