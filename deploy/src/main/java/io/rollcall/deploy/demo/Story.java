package io.rollcall.deploy.demo;

import static io.rollcall.deploy.demo.Timeline.millis;

import io.rollcall.apache.Httpd;
import io.rollcall.apache.LoadClient;
import io.rollcall.apache.LoadClient.Ask;
import io.rollcall.deploy.stage.AgentProcess;
import io.rollcall.deploy.stage.BackendProcess;
import io.rollcall.deploy.stage.Maps;
import io.rollcall.deploy.stage.RequestLog;
import io.rollcall.deploy.stage.Stage;
import io.rollcall.deploy.stage.Waiting;
import io.rollcall.drain.Drain;
import io.rollcall.drain.Drains;
import io.rollcall.drain.Progress;
import io.rollcall.drain.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The story that Rollcall exists for, played under a steady load: backends join, leave, are handed over and die, a new name appears,
 * and httpd is never touched.
 */
final class Story {
    private static final String NEWS = "news.example.com";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final double RATE = 300;

    private final Stage stage;
    private final AgentProcess agent;
    private final Httpd httpd;
    private final Timeline timeline = new Timeline();
    private final Sightings sightings = new Sightings();

    Story(Stage stage, AgentProcess agent, Httpd httpd) {
        this.stage = stage;
        this.agent = agent;
        this.httpd = httpd;
    }

    /** Plays it all; false if anything was not as it has to be, which the timeline has told. */
    boolean play() throws IOException, InterruptedException {
        long pid = httpd.pid();
        long ticks = httpd.startTicks();
        String seen = stage.httpdConfiguration(agent);
        BackendProcess first = stage.backends().get(0);
        BackendProcess second = stage.backends().get(1);
        BackendProcess third = stage.backends().get(2);
        for (BackendProcess backend : stage.backends()) {
            timeline.expect(
                    Waiting.until(PATIENCE, () -> Maps.routes(agent.maps(), backend.service(), backend.address())),
                    "%s is not in the map after %s",
                    backend.id(),
                    PATIENCE);
        }

        List<Ask> asks = List.of(Ask.of("GET", Demo.SHOP, "/cart?item=1"), Ask.of("GET", Demo.BLOG, "/today"));
        Verdict.Kill kill;
        long askedAgain;
        try (LoadClient load = LoadClient.atRate(RATE, httpd.port(), 30, asks, sightings::add)) {
            timeline.say("%.0f GETs a second to %s and %s; httpd is pid %d", RATE, Demo.SHOP, Demo.BLOG, pid);
            for (BackendProcess backend : stage.backends()) {
                awaitFirst(backend);
            }
            timeline.say(
                    "requests flow under both names, to all %d backends",
                    stage.backends().size());
            Waiting.pause(QUIET);
            join(seen);
            Waiting.pause(QUIET);
            List<Ask> newAsk = List.of(Ask.of("GET", NEWS, "/"));
            try (LoadClient news = LoadClient.atRate(RATE / 3, httpd.port(), 10, newAsk, sightings::add)) {
                newName(seen);
                Waiting.pause(QUIET);
                handOver(third);
                Waiting.pause(QUIET);
                leave(first);
                Waiting.pause(QUIET);
                kill = kill(second);
                Waiting.pause(QUIET);
                askedAgain = news.stop().askedAgain() + load.stop().askedAgain();
            }
        }
        count(kill, askedAgain);
        timeline.expect(
                httpd.alive() && httpd.pid() == pid && httpd.startTicks() == ticks,
                "httpd is not the process that it was: pid %d, now %d",
                pid,
                httpd.pid());
        timeline.expect(httpd.errorLog().split("resuming normal operations", -1).length == 2, "httpd was restarted");
        if (timeline.faults().isEmpty()) {
            timeline.say("httpd is the same process, pid %d, started %s; never reloaded", pid, httpd.started());
            timeline.say("OK");
        }
        return timeline.faults().isEmpty();
    }

    private void join(String seenByHttpd) throws IOException {
        BackendProcess joiner = stage.startBackend(agent, Demo.SHOP, "shop-3").awaitRegistering();
        timeline.expect(!seenByHttpd.contains(":" + joiner.port()), "httpd knows port %d from before", joiner.port());
        if (awaitFirst(joiner)) {
            timeline.say("shop-3 joined on port %d, which httpd had never seen: %s", joiner.port(), joinTimes(joiner));
        }
    }

    private void newName(String seenByHttpd) throws IOException {
        timeline.expect(!seenByHttpd.contains(NEWS), "httpd knows %s from before", NEWS);
        timeline.expect(
                Waiting.until(PATIENCE, () -> unknown() > 10),
                "requests to %s, not there yet, are not answered 404",
                NEWS);
        timeline.say("requests to %s, which nobody serves yet, are answered 404", NEWS);
        BackendProcess backend = stage.startBackend(agent, NEWS, "news-1").awaitRegistering();
        if (awaitFirst(backend)) {
            timeline.say("news-1 joined for %s, a name httpd had never seen: %s", NEWS, joinTimes(backend));
        }
    }

    /** A fresh JVM takes most of the first time to reach ZooKeeper. */
    private String joinTimes(BackendProcess joiner) {
        Waiting.until(PATIENCE, () -> joiner.when("registered").isPresent());
        long first = firstNanos(joiner);
        return "first answer " + millis(first - joiner.when("registering").orElseThrow())
                + " after its registrar was called, "
                + millis(Math.max(0, first - joiner.when("registered").orElse(first)))
                + " after it was in the registry";
    }

    private long unknown() {
        return sightings.failures().stream()
                .filter(failure -> failure.status() == 404)
                .count();
    }

    /** Killed the moment that is allowed: no request may notice. */
    private void handOver(BackendProcess from) throws IOException, InterruptedException {
        BackendProcess to = stage.startBackend(agent, from.service(), "blog-2").awaitRegistering();
        timeline.expect(
                Waiting.until(PATIENCE, () -> to.when("registered").isPresent()), "%s is not registered", to.id());
        try (Drains drains = Drains.connect(agent.zookeeper())) {
            long asked = System.nanoTime();
            Drain drain = drains.handover(from.service(), from.id(), to.id());
            Progress end = drain.await(PATIENCE);
            long told = System.nanoTime();
            if (timeline.expect(end.isQuiet(), "%s is not quiet: %s", from.id(), end.verdict())) {
                from.kill();
                timeline.say(
                        "%s was handed over to %s: last answer %s after that was asked for, told quiet after %s, killed with SIGKILL at once",
                        from.id(), to.id(), millis(Math.max(0, lastNanos(from) - asked)), millis(told - asked));
            }
        } catch (RefusedException e) {
            timeline.expect(false, "%s cannot be handed over: %s", from.id(), e);
        }
    }

    private void leave(BackendProcess leaver) {
        leaver.stop();
        if (timeline.expect(
                Waiting.until(PATIENCE, () -> leaver.when("left").isPresent() && !leaver.alive()),
                "%s has not ended after SIGTERM",
                leaver.id())) {
            long asked = leaver.when("leaving").orElseThrow();
            timeline.say(
                    "%s left on SIGTERM: last answer %s after its registrar was called; the process ended after %s",
                    leaver.id(),
                    millis(Math.max(0, lastNanos(leaver) - asked)),
                    millis(leaver.when("left").orElseThrow() - asked));
        }
    }

    private Verdict.Kill kill(BackendProcess victim) throws InterruptedException {
        long begin = System.nanoTime();
        long beginMicros = micros();
        victim.kill();
        long gone = System.nanoTime();
        long goneMicros = micros();
        boolean dropped = Waiting.until(PATIENCE, () -> !Maps.routes(agent.maps(), victim.service(), victim.address()));
        long end = System.nanoTime();
        timeline.expect(dropped, "%s is still in the map %s after SIGKILL", victim.id(), PATIENCE);
        timeline.say(
                "%s was killed with SIGKILL: process gone after %s, last answer %s after the kill, out of the map after %.1f s",
                victim.id(), millis(gone - begin), millis(Math.max(0, lastNanos(victim) - begin)), (end - begin) / 1e9);
        return new Verdict.Kill(victim.address(), begin, gone, beginMicros, goneMicros);
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private void count(Verdict.Kill kill, long askedAgain) throws IOException {
        long appeared = sightings.of("news-1").map(Sightings.Seen::firstNanos).orElse(Long.MAX_VALUE);
        Verdict.Counts counts =
                new Verdict(kill, NEWS, appeared).judge(sightings.failures(), RequestLog.read(httpd.accessLog()));
        timeline.say(
                "%d GETs in all, each answer checked for the service and the backend it names:", sightings.requests());
        timeline.say("  %d were 404, to %s before anybody served it", counts.early(), NEWS);
        timeline.say(
                "  %d were in flight on the killed process: httpd's log has them at %s while it died, and failed",
                counts.inFlight(), kill.victim());
        timeline.say(
                "  %d found the killed backend's port closed, and another backend answered (second try)",
                counts.retried());
        timeline.say(
                "  %d were sent again by the client, as httpd had closed the connection without an answer", askedAgain);
        timeline.say("  %d failed otherwise", counts.clientFailures().size());
        timeline.expect(
                counts.clientFailures().isEmpty(),
                "GETs failed that the kill does not explain, the first: %s",
                some(counts.clientFailures()));
        timeline.expect(
                counts.logFailures().isEmpty(),
                "httpd's log has failures that the kill does not explain, the first: %s",
                some(counts.logFailures()));
    }

    private static String some(List<?> all) {
        return all.size() + " in all: " + all.subList(0, Math.min(3, all.size()));
    }

    private boolean awaitFirst(BackendProcess backend) {
        return timeline.expect(
                Waiting.until(PATIENCE, () -> sightings.of(backend.id()).isPresent()),
                "%s has not answered any request after %s",
                backend.id(),
                PATIENCE);
    }

    private long firstNanos(BackendProcess backend) {
        return sightings.of(backend.id()).orElseThrow().firstNanos();
    }

    private long lastNanos(BackendProcess backend) {
        return sightings.of(backend.id()).orElseThrow().lastNanos();
    }
}
