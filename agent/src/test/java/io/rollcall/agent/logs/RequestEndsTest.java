package io.rollcall.agent.logs;

import static io.rollcall.agent.logs.LogSite.A;
import static io.rollcall.agent.logs.LogSite.B;
import static io.rollcall.agent.logs.LogSite.NONE;
import static io.rollcall.agent.logs.LogSite.open;
import static io.rollcall.agent.logs.LogSite.why;
import static org.assertj.core.api.Assertions.assertThat;

import io.rollcall.agent.drain.RequestEvidence.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends of requests that are read before their starts, or without. */
final class RequestEndsTest {
    @TempDir
    Path directory;

    private LogSite site;

    @BeforeEach
    void site() throws IOException {
        site = new LogSite(directory).running(1);
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
    void anEndWithoutAStartMeansThatALogIsNotFollowed() throws IOException {
        Watch watch = site.watch();
        site.ends(1, "x", A);
        watch.read();
        watch.read();
        assertThat(why(watch.read())).contains("shop.example.com ended whose start is in none of the logs");
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
    void aRequestThatHttpdRefusesBeforeItStartsNeedsNoStart() throws IOException {
        site.write(site.requests, "x - - - 400 400 - - 118 - 1 1795357676969913\n");
        Watch watch = site.watch();
        watch.read();
        assertThat(watch.read()).isEqualTo(NONE);
    }

    private static RequestEnd end(String id) {
        byte[] line = LogSite.end(1, id, A).strip().getBytes(StandardCharsets.ISO_8859_1);
        return Objects.requireNonNull(RequestEnd.read(line, 0, line.length));
    }
}
