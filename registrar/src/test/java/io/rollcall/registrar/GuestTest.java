package io.rollcall.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;

/** A registrar is a guest in somebody's process: seen from a process in which nothing else runs. */
final class GuestTest {

    /** Prints what is not as it should be, then ends without closing a second registrar. */
    static final class Main {
        public static void main(String[] args) throws Exception {
            TimeZone.getDefault(); // the JDK notes it in a property when it is first asked, here by the log
            Properties before = (Properties) System.getProperties().clone();
            Set<Thread> alreadyThere = threads();
            Registrar registrar = Registrar.connect(args[0]);
            Registration registration = registrar.register(Backend.of("shop.example.com", 8080)
                    .address("10.0.0.5")
                    .linger(Duration.ZERO)
                    .build());
            System.out.println("servlet API: " + isThere("jakarta.servlet.Filter"));
            System.out.println("registered: " + registration.awaitRegistered(Duration.ofSeconds(60)));
            System.out.println("threads that keep the process alive: "
                    + started(alreadyThere).stream()
                            .filter(thread -> !thread.isDaemon())
                            .toList());
            registrar.close();
            long start = System.nanoTime();
            while (!started(alreadyThere).isEmpty() && System.nanoTime() - start < 30_000_000_000L) {
                for (Thread thread : started(alreadyThere)) {
                    thread.join(100);
                }
            }
            System.out.println("threads left: " + started(alreadyThere));
            Properties after = (Properties) System.getProperties().clone();
            after.entrySet().removeAll(before.entrySet());
            System.out.println("properties set: " + after);
            Registrar.connect(args[0])
                    .register(Backend.of("shop.example.com", 8081).build());
            System.out.println("end");
        }

        private static boolean isThere(String type) {
            try {
                Class.forName(type);
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }

        private static Set<Thread> threads() {
            return new HashSet<>(Thread.getAllStackTraces().keySet());
        }

        /** Without those of the JDK's common pool, which live by their own rules. */
        private static Set<Thread> started(Set<Thread> before) {
            return threads().stream()
                    .filter(thread -> !before.contains(thread))
                    .filter(thread -> !thread.getName().startsWith("ForkJoinPool.commonPool"))
                    .filter(thread -> thread.isAlive())
                    .filter(thread -> !thread.getName().equals("Attach Listener"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void nothingIsLeftBehindAndNothingIsHeldUp() throws Exception {
        try (TestingServer server = Servers.started();
                Child child = new Child(Main.class, server.getConnectString())) {
            assertThat(child.line()).isEqualTo("servlet API: false");
            assertThat(child.line()).isEqualTo("registered: true");
            assertThat(child.line()).isEqualTo("threads that keep the process alive: []");
            assertThat(child.line()).isEqualTo("threads left: []");
            assertThat(child.line()).isEqualTo("properties set: {}");
            assertThat(child.line()).isEqualTo("end");
            assertThat(child.exitStatus()).isZero();
        }
    }
}
