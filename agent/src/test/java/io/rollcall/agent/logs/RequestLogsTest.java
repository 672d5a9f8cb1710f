package io.rollcall.agent.logs;

import static io.rollcall.agent.logs.LogSite.A;
import static io.rollcall.agent.logs.LogSite.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.drain.RequestEvidence.Reading;
import io.rollcall.agent.drain.RequestEvidence.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which requests are open, out of lines as httpd writes them. */
class RequestLogsTest {
    private static final Reading NONE = new Reading.None();

    @TempDir
    Path directory;

    private LogSite site;

    @BeforeEach
    void site() throws IOException {
        site = new LogSite(directory).running(1);
    }

    private static long open(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Open.class);
        return ((Reading.Open) reading).requests();
    }

    private static String why(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Incomplete.class);
        return ((Reading.Incomplete) reading).why();
    }

    @Test
    void aRequestIsOpenFromItsStartToItsEnd() throws IOException {
        site.asks(1, "x").gets(1, "x", A).asks(1, "y").gets(1, "y", B).ends(1, "y", B);
        Watch watch = site.watch();
        assertThat(open(watch.read())).isEqualTo(1);
        site.ends(1, "x", A);
        assertThat(watch.read()).isEqualTo(NONE);
    }

    @Test
    void whileNobodyAsksTheLogsAreLookedAtLessOften() throws IOException {
        assertThat(site.readOn().toMillis()).isEqualTo(100);
        site.asks(1, "x").gets(1, "x", A).ends(1, "x", A).seconds(1);
        assertThat(site.readOn().toMillis()).isEqualTo(10);
        assertThat(site.ended).hasSize(1);
        assertThat(site.seconds(4).readOn().toMillis()).isEqualTo(10);
        assertThat(site.seconds(1).readOn().toMillis()).isEqualTo(100);
        assertThat(site.seconds(55).readOn().toMillis()).isEqualTo(250);
    }

    @Test
    void whileNobodyAsksNobodyLooksAtTheProcesses() throws IOException {
        site.asks(1, "x").gets(1, "x", A).ends(1, "x", A);
        for (int i = 0; i < 3; i++) {
            site.seconds(10).readOn();
        }
        int looks = site.looks;
        site.seconds(10).readOn();
        site.seconds(10).readOn();
        assertThat(site.looks).isEqualTo(looks);
        site.asks(1, "y").seconds(1).readOn();
        assertThat(site.looks).isGreaterThan(looks);
        looks = site.looks;
        site.seconds(10).readOn();
        assertThat(site.looks).as("a request is open").isGreaterThan(looks);
    }

    @Test
    void whoHadAskedBeforeMayStillGetTheOldAnswerAndWhoAskedLaterMayNot() throws IOException {
        site.asks(1, "w").gets(1, "w", B).ends(1, "w", B).asks(1, "x").asks(1, "y");
        Watch watch = site.watch();
        assertThat(open(watch.read())).isEqualTo(2);
        site.asks(1, "z").gets(1, "y", B);
        assertThat(open(watch.read())).isEqualTo(1);
        site.gets(1, "x", A);
        assertThat(watch.read()).isEqualTo(new Reading.Open(1, "1 at it, the oldest for 0 s"));
        site.ends(1, "x", A);
        assertThat(watch.read()).isEqualTo(NONE);
    }

    @Test
    void oneThatWasRefusedAndTriesAgainIsUndecidedAndNoLongerThere() throws IOException {
        site.asks(1, "x").gets(1, "x", A).asks(1, "x").asks(1, "w").ends(1, "w", B);
        Watch watch = site.watch();
        assertThat(watch.read()).isEqualTo(new Reading.Open(1, "1 that may still get there"));
        site.gets(1, "x", B);
        assertThat(watch.read()).isEqualTo(NONE);
    }

    @Test
    void aSecondTryThatBeganLaterHasTheNewAnswer() throws IOException {
        site.asks(1, "x").asks(1, "w").ends(1, "w", B);
        Watch watch = site.watch();
        site.gets(1, "x", B).asks(1, "x");
        assertThat(watch.read()).isEqualTo(NONE);
    }

    @Test
    void whatAKilledProcessHadOpenIsOver() throws IOException {
        site.child(2).asks(1, "v").ends(1, "v", B).asks(2, "x").gets(2, "x", A).asks(2, "y");
        Watch watch = site.watch();
        assertThat(open(watch.read())).isEqualTo(2);
        site.killed(2);
        assertThat(watch.read()).isEqualTo(NONE);
        site.child(2);
        assertThat(watch.read()).isEqualTo(NONE);
    }

    /** As when rotatelogs writes the ends. */
    @Test
    void anEndThatComesAfterItsProcessIsGoneIsNoOrphan() throws IOException {
        site.child(2).asks(1, "w").gets(1, "w", B).ends(1, "w", B).asks(2, "x").gets(2, "x", A);
        Watch watch = site.watch();
        assertThat(open(watch.read())).isEqualTo(1);
        site.killed(2);
        assertThat(watch.read()).isEqualTo(NONE);
        site.ends(2, "x", A);
        for (int i = 0; i < 4; i++) {
            assertThat(watch.read()).isEqualTo(NONE);
        }
    }

    @Test
    void anEndThatIsReadBeforeItsStartIsNoOrphan() {
        // The request log comes first here, as it may anywhere.
        OpenRequests requests = new OpenRequests();
        RequestEnd end = end("x");
        requests.end(end);
        assertThat(requests.endPass()).isEmpty();
        requests.mark(new LogMark('?', "x", 1, "", ""), 7, 0);
        requests.mark(new LogMark('+', "x", 1, "shop.example.com", A), 7, 0);
        assertThat(requests.size()).isZero();
        assertThat(requests.endPass()).isEmpty();
        assertThat(requests.endPass()).isEmpty();
        requests.end(end);
        assertThat(requests.endPass()).isEmpty();
        assertThat(requests.endPass()).containsExactly(end);
    }

    private static RequestEnd end(String id) {
        byte[] line = LogSite.end(1, id, A).strip().getBytes(StandardCharsets.ISO_8859_1);
        return Objects.requireNonNull(RequestEnd.read(line, 0, line.length));
    }

    /** As the reader does between two passes, to know of ends soon. */
    @Test
    void anEndThatIsReadOutOfTurnIsToldAtOnceAndItsStartIsFoundLater() throws IOException {
        LogPass pass = new LogPass(List.of(site.errors, site.requests), site, () -> site.nanos, site.ended::add);
        pass.runNow();
        site.child(2).asks(2, "w").gets(2, "w", A).ends(2, "w", A);
        pass.runNow();
        site.asks(2, "x").gets(2, "x", A).ends(2, "x", A).asks(2, "y").gets(2, "y", A);
        pass.readEnds();
        assertThat(site.ended).extracting(RequestEnd::id).containsExactly("w", "x");
        assertThat(pass.requests().size()).isZero();
        pass.runNow();
        assertThat(pass.requests().at(LogSite.SHOP, A))
                .extracting(request -> request.id)
                .containsExactly("y");
        site.ends(2, "y", A);
        pass.readEnds();
        assertThat(pass.requests().size()).isZero();
        site.killed(1); // who was there before the reader
        for (int i = 0; i < 3; i++) { // an end without a start would be found out by now
            pass.runNow();
        }
        assertThat(pass.incomplete()).isEmpty();
        pass.close();
    }

    @Test
    void oneThatIsKilledAfterItsEndsWereReadOutOfTurnHasNothingOpen() throws IOException {
        site.asks(1, "v").gets(1, "v", B).ends(1, "v", B).asks(1, "x").gets(1, "x", A);
        LogPass pass = new LogPass(List.of(site.errors, site.requests), site, () -> site.nanos, site.ended::add);
        pass.runNow();
        site.child(2).asks(2, "w").gets(2, "w", A).ends(2, "w", A);
        pass.runNow();
        site.asks(2, "y").gets(2, "y", A);
        pass.keepUp();
        assertThat(pass.requests().size()).isEqualTo(1);
        site.children.remove(2); // before anybody looks at the processes again
        site.children.put(3, ++site.ticks);
        site.asks(3, "z").gets(3, "z", B).ends(3, "z", B);
        pass.readEnds(); // ends tell of no process
        pass.keepUp(); // who is 3? so it looks
        pass.keepUp();
        assertThat(pass.requests().size()).isZero();
        pass.close();
    }

    @Test
    void anEndWithoutAStartMeansThatALogIsNotFollowed() throws IOException {
        Watch watch = site.watch();
        site.ends(1, "x", A);
        watch.read();
        watch.read();
        assertThat(why(watch.read())).contains("shop.example.com ended whose start is in none of the logs");
    }

    @Test
    void aRequestThatHttpdRefusesBeforeItStartsNeedsNoStart() throws IOException {
        site.write(site.requests, "x - - - 400 400 - - 118 - 1 1795357676969913\n");
        Watch watch = site.watch();
        watch.read();
        assertThat(watch.read()).isEqualTo(NONE);
    }

    @Test
    void aChildThatStartedBeforeTheLogsWereFollowedIsNamed() throws IOException {
        site.children.put(9, 5L);
        site.nanos += 1_000_000_000;
        Watch watch = site.watch();
        assertThat(why(watch.read())).contains("child 9 started before the logs were followed");
        site.killed(9);
        assertThat(watch.read()).isEqualTo(NONE);
    }

    @Test
    void withoutAnyChildInSightNothingIsKnown() throws IOException {
        site.killed(1);
        assertThat(why(site.watch().read())).contains("no child of httpd can be seen");
    }

    @Test
    void aWriterThatIsNotOfThisHostIsNoProcessThatIsGone() throws IOException {
        site.asks(77, "x").gets(77, "x", A);
        assertThat(why(site.watch().read())).contains("cannot be seen in /proc");
    }

    @Test
    void oneThatCameAndWentBetweenTwoLooksIsGone() throws IOException {
        site.asks(1, "w").ends(1, "w", B).asks(55, "x").gets(55, "x", A).asks(55, "y");
        assertThat(site.watch().read()).isEqualTo(NONE);
        site.asks(1, "z");
        assertThat(open(site.watch().read())).isEqualTo(1);
    }

    @Test
    void withoutTheRequestLogNothingWouldEverEnd() throws IOException {
        site.asks(1, "x").gets(1, "x", A);
        assertThat(why(site.watch().read())).contains("ROLLCALL_LOG");
    }

    @Test
    void aRenamedLogIsReadOnWhileItsWritersLive() throws IOException {
        site.asks(1, "x").gets(1, "x", A).asks(1, "w").gets(1, "w", B).ends(1, "w", B);
        Watch watch = site.watch();
        Path old = site.requests.resolveSibling("requests.log.1");
        Files.move(site.requests, old);
        Files.move(site.errors, site.errors.resolveSibling("error.log.1"));
        site.write(site.requests, "").write(site.errors, "").child(2);
        site.asks(2, "y").gets(2, "y", A).ends(2, "y", A);
        assertThat(open(watch.read())).isEqualTo(1);
        Files.delete(site.errors.resolveSibling("error.log.1"));
        site.write(old, LogSite.end(1, "x", A));
        assertThat(watch.read()).isEqualTo(NONE);
        assertThat(site.status().gaps()).isZero();
    }

    @Test
    void aLogThatIsCutWhereItStandsIsAGapUntilTheChildrenAreNew() throws IOException {
        site.asks(1, "x").gets(1, "x", B).ends(1, "x", B);
        Watch watch = site.watch();
        assertThat(watch.read()).isEqualTo(NONE);
        Files.writeString(site.errors, "");
        site.asks(1, "y");
        assertThat(why(watch.read())).contains("child 1 started before");
        assertThat(site.status().gaps()).isEqualTo(1);
        site.killed(1).child(3).asks(3, "z").gets(3, "z", A);
        assertThat(open(site.watch().read())).isEqualTo(1);
    }

    @Test
    void aLogThatComesLaterIsReadFromItsBeginningAndCompleteForWhoStartedMeanwhile() throws IOException {
        LogSite late = new LogSite(Files.createDirectory(directory.resolve("late")));
        assertThat(why(late.watch().read())).contains("error.log: no such file");
        late.child(5).asks(5, "x").gets(5, "x", A).asks(5, "v").gets(5, "v", B).ends(5, "v", B);
        assertThat(open(late.watch().read())).isEqualTo(1);
    }

    @Test
    void anAgentThatIsStartedAgainMissesNothing() throws IOException {
        site.asks(1, "v").gets(1, "v", B).ends(1, "v", B);
        site.asks(1, "x").gets(1, "x", A).asks(1, "y").gets(1, "y", A).asks(1, "w");
        assertThat(open(site.watch().read())).isEqualTo(3);
        site.restarted().ends(1, "y", A).gets(1, "w", B);
        assertThat(open(site.watch().read())).isEqualTo(1);
        site.restarted().ends(1, "x", A);
        assertThat(site.watch().read()).isEqualTo(NONE);
    }

    @Test
    void alsoWhenTheLogsWereRotatedAndItHadBeenKilled() throws IOException {
        site.asks(1, "v").ends(1, "v", B).asks(1, "x").gets(1, "x", A);
        site.watch().close();
        site.restarted().asks(1, "y").gets(1, "y", A);
        assertThat(site.watch().read()).isInstanceOf(Reading.Open.class);
        Files.move(site.errors, site.errors.resolveSibling("error.log.1"));
        Files.move(site.requests, site.requests.resolveSibling("requests.log-20261122"));
        site.write(site.errors, "")
                .write(site.requests, "")
                .child(2)
                .asks(2, "z")
                .gets(2, "z", A);
        assertThat(open(site.killedAgent().watch().read())).isEqualTo(3);
        site.killed(1).ends(2, "z", A);
        assertThat(site.watch().read()).isEqualTo(NONE);
    }

    @Test
    void whatItCannotFindAgainIsAGap() throws IOException {
        site.asks(1, "x").gets(1, "x", A);
        site.watch().close();
        site.restarted();
        Files.delete(site.requests);
        site.write(site.requests, "");
        assertThat(why(site.killedAgent().watch().read())).contains("child 1 started before");
    }

    @Test
    void afterABootNoneOfTheRequestsIsOpen() throws IOException {
        site.asks(1, "x").gets(1, "x", A);
        site.watch().close();
        site.restarted();
        site.boot = "two";
        site.ticks = 3;
        site.children.clear();
        site.killedAgent().child(1);
        assertThat(site.watch().read()).isEqualTo(NONE);
    }

    @Test
    void aLogThatWasThereBeforeIsFollowedFromItsEnd() throws IOException {
        site.asks(1, "x").gets(1, "x", A);
        LogSite again = new LogSite(directory); // there is nothing that tells how far the first one was
        again.children.put(1, 999L);
        assertThat(why(again.watch().read())).contains("child 1 started before");
        again.killed(1).child(2);
        assertThat(again.watch().read()).isEqualTo(NONE);
    }
}
