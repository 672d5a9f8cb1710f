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
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that are renamed, cut or missing, and an agent that is started again. */
final class RotatedLogsTest {
    @TempDir
    Path directory;

    private LogSite site;

    @BeforeEach
    void site() throws IOException {
        site = new LogSite(directory).running(1);
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
