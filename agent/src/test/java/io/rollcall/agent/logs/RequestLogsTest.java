package io.rollcall.agent.logs;

import static io.rollcall.agent.logs.LogSite.A;
import static io.rollcall.agent.logs.LogSite.B;
import static io.rollcall.agent.logs.LogSite.NONE;
import static io.rollcall.agent.logs.LogSite.open;
import static io.rollcall.agent.logs.LogSite.why;
import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.drain.RequestEvidence.Reading;
import io.rollcall.agent.drain.RequestEvidence.Watch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which requests are open, out of lines as httpd writes them. */
final class RequestLogsTest {
    @TempDir
    Path directory;

    private LogSite site;

    @BeforeEach
    void site() throws IOException {
        site = new LogSite(directory).running(1);
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
}
