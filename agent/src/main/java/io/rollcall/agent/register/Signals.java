package io.rollcall.agent.register;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the signals that a wrapper gets to somebody else, in their order, on one thread. {@code sun.misc.Signal} is reached by
 * reflection, because the compiler has no way to permit it. A signal that was ignored when we were started ({@code nohup}) stays so.
 */
public final class Signals {
    /** QUIT is Java's: it prints the wrapper's threads. */
    static final List<String> PASSED_ON = List.of("HUP", "INT", "TERM", "USR1", "USR2", "WINCH", "CONT");

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** From now on all that can be passed on do nothing but this. */
    public static void handle(Consumer<String> receiver) {
        handle(PASSED_ON, receiver);
    }

    /** From now on these do nothing but this. */
    public static void handle(Collection<String> names, Consumer<String> receiver) {
        ExecutorService inOrder = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "signals");
            thread.setDaemon(true);
            return thread;
        });
        for (String name : names) {
            try {
                catchSignal(name, () -> inOrder.execute(() -> receiver.accept(name)));
            } catch (ReflectiveOperationException e) {
                Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
                LOG.warn("SIG{} cannot be passed on: {}", name, cause == null ? e : cause.getMessage());
            }
        }
    }

    private static void catchSignal(String name, Runnable receiver) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object proxy = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                    return switch (method.getName()) {
                        case "handle" -> {
                            receiver.run();
                            yield null;
                        }
                        case "equals" -> self == arguments[0];
                        case "hashCode" -> System.identityHashCode(self);
                        default -> name;
                    };
                });
        Object caught = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, caught, proxy);
    }
}
