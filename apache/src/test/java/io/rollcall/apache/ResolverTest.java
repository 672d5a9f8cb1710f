package io.rollcall.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The resolver under httpd: one for all, harmless when it fails, and never believed when it speaks to somebody else. */
class ResolverTest {
    private static final int HOSTS = 50;

    @TempDir
    Path directory;

    private final List<AutoCloseable> started = new ArrayList<>();
    private Backend shop;
    private Backend news;
    private TestMaps maps;

    @BeforeEach
    void start() throws IOException {
        shop = started(Backend.start("shop.example.com", "shop-1"));
        news = started(Backend.start("news.example.com", "news-1"));
        maps = new TestMaps(directory.resolve("maps"))
                .publish("news.example.com " + news.address() + "\nshop.example.com " + shop.address() + "\n");
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = started.size() - 1; i >= 0; i--) {
            started.get(i).close();
        }
    }

    private <T extends AutoCloseable> T started(T one) {
        started.add(one);
        return one;
    }

    private Httpd httpd(HttpdBuilder builder) throws IOException {
        for (int i = 0; i < HOSTS; i++) {
            builder.virtualHost(
                    "host" + i + ".example.com", "ServerAlias *" + i + ".example.com\n" + Way.RESOLVER.use());
        }
        return started(builder.virtualHost("any.invalid", "ServerAlias *.example.com\n" + Way.RESOLVER.use())
                .logLevel("warn rewrite:trace5")
                .start());
    }

    /** A resolver of the test's own, in shell or Perl. */
    private HttpdBuilder with(String interpreter, String script) throws IOException {
        Path file = directory.resolve("resolver");
        Files.writeString(file, "#!" + interpreter + "\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Httpd.in(directory.resolve("httpd")).maps(maps.directory()).resolver(file.toString());
    }

    private HttpdBuilder real() {
        return Way.RESOLVER.httpd(directory.resolve("httpd"), maps);
    }

    @Test
    void fiftyVirtualHostsShareOneResolverAndSoDoesAGracefulRestart() throws Exception {
        Httpd httpd = httpd(real());
        assertThat(httpd.programs()).hasSize(1);
        long first = httpd.programs().get(0).pid();
        assertAllRouted(httpd, 20);
        assertThat(httpd.errorLog()).contains("map=rollcall-resolver").doesNotContain("key=!");
        httpd.gracefulRestart();
        await().until(() ->
                httpd.programs().size() == 1 && httpd.programs().get(0).pid() != first);
        assertAllRouted(httpd, 20);
        assertThat(httpd.errorLog()).doesNotContain("still did not exit");
    }

    @Test
    void whereHttpdStartsAsRootTheResolverIsNotRoot() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")));
        Httpd httpd = httpd(real());
        await().until(() -> httpd.programs().size() == 1);
        String status =
                Files.readString(Path.of("/proc/" + httpd.programs().get(0).pid() + "/status"));
        assertThat(status).doesNotContainPattern("(?m)^Uid:\\s+0\\b");
    }

    @Test
    void aResolverThatWasKilledIsReplacedByTheTextMap() throws Exception {
        Httpd httpd = httpd(real());
        try (LoadClient load = load(httpd)) {
            await().until(() -> load.report().ok() > 100);
            httpd.programs().get(0).destroyForcibly();
            await().until(() -> httpd.programs().isEmpty());
            long then = load.report().ok();
            await().until(() -> load.report().ok() > then + 200);
            LoadReport report = load.stop();
            assertThat(report.failed()).as(report.toString()).isZero();
        }
        httpd.gracefulRestart();
        await().until(() -> httpd.programs().size() == 1);
        assertAllRouted(httpd, 10);
    }

    @Test
    void aProgramThatIsMissingIsHarmlessAlsoAtAGracefulRestart() throws Exception {
        Httpd httpd = httpd(Httpd.in(directory.resolve("httpd"))
                .maps(maps.directory())
                .resolver(directory.resolve("no/such/program").toString()));
        assertAllRouted(httpd, 10);
        httpd.gracefulRestart();
        assertAllRouted(httpd, 10);
        assertThat(httpd.alive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "print \"\\n\"",
                "print \"NULL\\n\"",
                "print \"$id\\n\"",
                "print \"$id \\n\"",
                "print \"$id NULL\\n\"",
                "print \"$id evil.example.com:80\\n\"",
                "print \"$id $OTHER/path\\n\"",
                "print \"$id  $OTHER\\n\"",
                "print \"$OTHER\\n\"",
                "print \"x $OTHER\\n\"",
                "print \"${id}x $OTHER\\n\"",
                "print \"x$id $OTHER\\n\"",
                "print \"$id $OTHER $OTHER\\n\"",
                "print \"x $id $OTHER\\n\"",
                "print \"$id $OTHER $id /x news.example.com\\n\"",
                "print \"x $id x $OTHER\\n\"",
                "print \"\\0$id $OTHER\\n\"",
                "print \"$id $OTHER\\r\\n\"",
                "print 'x' x 10000, \"\\n\"",
            })
    void aReplyThatIsNoAnswerToTheQuestionIsNotBelieved(String reply) throws Exception {
        Httpd httpd = httpd(with("/usr/bin/perl", """
                $| = 1; $OTHER = '%s';
                while (<STDIN>) { chomp; ($id) = split / /; $id =~ s/^!//; %s }""".formatted(news.address(), reply)));
        for (int i = 0; i < 5; i++) {
            assertThat(Echo.of(RawHttp.get(httpd.port(), "shop.example.com", "/"))
                            .backend())
                    .isEqualTo("shop-1");
        }
        assertThat(news.requests()).isZero();
    }

    @Test
    void aNameThatTheResolverKnowsToHaveNoBackendIs503() throws Exception {
        Httpd httpd = httpd(with("/usr/bin/perl", "$| = 1; while (<STDIN>) { s/^!//; s/ .*/ -/; print; }"));
        assertThat(RawHttp.get(httpd.port(), "shop.example.com", "/").status()).isEqualTo(503);
    }

    @Test
    void theResolversChoiceCountsBeforeTheMaps() throws Exception {
        Httpd httpd = httpd(with(
                "/usr/bin/perl",
                "$| = 1; while (<STDIN>) { s/^!//; s/ .*/ %s/; print; }"
                        .formatted(news.address().replace(".", "\\."))));
        assertThat(Echo.of(RawHttp.get(httpd.port(), "shop.example.com", "/")).backend())
                .isEqualTo("news-1");
    }

    /** The fault is made on purpose and its landing is seen: an answer that is left in the pipe makes the next asker ask again. */
    @Test
    void aChildThatIsKilledInTheMiddleOfALookupMisleadsNobodyAndThePipeHeals() throws Exception {
        Httpd httpd = httpd(real());
        assertAllRouted(httpd, 4);
        for (int round = 1; round <= 3; round++) {
            long resolver = httpd.programs().get(0).pid();
            hold(resolver);
            try (RawHttp lost = RawHttp.connect(httpd.port())) {
                lost.send(RawHttp.request("GET", "news.example.com", "/lost"));
                await().until(() -> waitingForTheResolver(httpd).size() == 1);
                assertThat(waitingForTheResolver(httpd).get(0).destroyForcibly())
                        .isTrue();
                assertThat(lost.read(false)).isEmpty();
            }
            signal("CONT", resolver);
            int again = asksAgain(httpd);
            assertAllRouted(httpd, 10);
            assertThat(asksAgain(httpd))
                    .as("the next lookup found the answer that was left over")
                    .isEqualTo(again + 1);
            assertThat(httpd.programs().get(0).pid()).isEqualTo(resolver);
        }
    }

    @Test
    void underLoadNoRequestReachesAnotherServiceHoweverManyChildrenAreKilled() throws Exception {
        Httpd httpd = httpd(real());
        try (LoadClient load = load(httpd)) {
            await().until(() -> load.report().ok() > 100);
            for (int round = 0; round < 5; round++) {
                long resolver = httpd.programs().get(0).pid();
                hold(resolver);
                await().until(() -> !waitingForTheResolver(httpd).isEmpty());
                waitingForTheResolver(httpd).forEach(ProcessHandle::destroyForcibly);
                signal("CONT", resolver);
                long then = load.report().ok();
                await().atMost(Duration.ofSeconds(30)).until(() -> load.report().ok() > then + 200);
            }
            LoadReport report = load.stop();
            assertThat(report.reasons().keySet()).noneMatch(reason -> reason.startsWith("answered by"));
            assertThat(report.statuses()).containsOnlyKeys(200);
            assertThat(asksAgain(httpd)).isPositive();
        }
        int healed = asksAgain(httpd);
        assertAllRouted(httpd, 20);
        assertThat(asksAgain(httpd) - healed).as("the pipe is in step again").isLessThanOrEqualTo(5);
        int then = asksAgain(httpd);
        assertAllRouted(httpd, 20);
        assertThat(asksAgain(httpd)).isEqualTo(then);
    }

    private LoadClient load(Httpd httpd) throws IOException {
        return LoadClient.atRate(
                300,
                httpd.port(),
                16,
                List.of(
                        LoadClient.Ask.of("GET", "shop.example.com", "/x"),
                        LoadClient.Ask.of("GET", "news.example.com", "/y"),
                        LoadClient.Ask.of("HEAD", "shop.example.com", "/z"),
                        LoadClient.Ask.of("POST", "news.example.com", "/p")));
    }

    private static void assertAllRouted(Httpd httpd, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            for (String service : List.of("shop", "news")) {
                Echo echo = Echo.of(RawHttp.get(httpd.port(), service + ".example.com", "/" + i));
                assertThat(echo.backend()).isEqualTo(service + "-1");
            }
        }
    }

    private static int asksAgain(Httpd httpd) throws IOException {
        return httpd.errorLog().split("key=!", -1).length - 1;
    }

    /** The children with a thread that the kernel shows in a read from the pipe that the resolver answers on. */
    private static List<ProcessHandle> waitingForTheResolver(Httpd httpd) throws IOException {
        Path answers = Files.readSymbolicLink(
                Path.of("/proc/" + httpd.programs().get(0).pid() + "/fd/1"));
        return httpd.workers().stream()
                .filter(child -> isReading(child.pid(), answers))
                .toList();
    }

    private static boolean isReading(long pid, Path pipe) {
        try (var threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                List<String> call =
                        List.of(Files.readString(thread.resolve("syscall")).split(" ", -1));
                if (call.get(0).equals("0")) { // read(descriptor, ...)
                    Path from = Path.of("/proc/" + pid + "/fd/" + Integer.decode(call.get(1)));
                    if (Files.readSymbolicLink(from).equals(pipe)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    /** Stops a process, and waits until the last of its threads stands still. */
    private static void hold(long pid) throws Exception {
        signal("STOP", pid);
        await().until(() -> {
            try (var threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
                for (Path thread : threads) {
                    String stat = Files.readString(thread.resolve("stat"));
                    if (!stat.startsWith("T", stat.lastIndexOf(')') + 2)) {
                        return false;
                    }
                }
                return true;
            }
        });
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
