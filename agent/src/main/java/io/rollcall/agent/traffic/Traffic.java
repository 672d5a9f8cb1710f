package io.rollcall.agent.traffic;

import io.rollcall.agent.logs.RequestEnd;
import io.rollcall.agent.logs.RequestEnd.Try;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the accounts of all backends and says when one looks bad. Guarded by itself. */
public final class Traffic {
    private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);

    /** Is told, by whoever reads the log, so it must not wait. */
    public interface Suspicions {
        /** A connection to the backend could not be made. */
        void connectFailed(String serviceKey, String target);

        /** Several requests in a row, or within a second, got errors from it. */
        void burst(String serviceKey, String target, String what);
    }

    /** Accounts, each of some 600 bytes. Of more backends only the connections that could not be made are noticed. */
    private static final int MOST = 100_000;

    private static final long IDLE = 600_000_000_000L;
    private static final long TIDY = 60_000_000_000L;

    /** What ended longer ago is read late, by an agent that was away: it is counted, and tells nothing of how its backend is now. */
    private static final Duration OLD = Duration.ofSeconds(2);

    private static final int SERVICE_UNAVAILABLE = 503;

    /** Of one backend in one service. */
    public record Key(String serviceKey, String target) {}

    private final Set<Integer> statuses;
    private final Suspicions suspicions;
    private final LongSupplier nanos;
    private final InstantSource wall;
    private final Declared declared;
    private final Map<Key, Account> accounts = new HashMap<>();
    private final int most;
    private long tidiedAt;
    private boolean full; // once was

    /**
     * Starts with nothing.
     *
     * @param statuses that count as errors of a backend
     * @param wall the clock of this host, which httpd goes by
     */
    public Traffic(Set<Integer> statuses, Suspicions suspicions, LongSupplier nanos, InstantSource wall) {
        this(statuses, suspicions, nanos, wall, MOST);
    }

    Traffic(Set<Integer> statuses, Suspicions suspicions, LongSupplier nanos, InstantSource wall, int most) {
        this.statuses = Set.copyOf(statuses);
        this.suspicions = suspicions;
        this.nanos = nanos;
        this.wall = wall;
        this.declared = new Declared(nanos);
        this.most = most;
        this.tidiedAt = nanos.getAsLong();
    }

    /** A request is over. */
    public synchronized void ended(RequestEnd end) {
        Instant at = Instant.EPOCH.plus(end.endedMicros(), ChronoUnit.MICROS);
        boolean news = Duration.between(at, wall.instant()).compareTo(OLD) <= 0;
        long now = nanos.getAsLong();
        declared.ended(end);
        count(end.service(), end.first(), end.micros(), news, now);
        if (end.twice()) {
            count(end.service(), end.last(), end.micros(), news, now);
        }
    }

    /** How many of them went to declared workers. */
    public Declared declared() {
        return declared;
    }

    public synchronized Map<Key, TrafficReport> reports() {
        long now = nanos.getAsLong();
        Map<Key, TrafficReport> reports = new HashMap<>();
        accounts.forEach((key, account) -> reports.put(key, account.report(now)));
        return reports;
    }

    /** By backend, of those that had requests within ten minutes: how many since they were first seen so. */
    public synchronized Map<String, Long> tries() {
        Map<String, Long> tries = new HashMap<>();
        accounts.forEach((key, account) -> tries.merge(key.target(), account.tries(), Long::sum));
        return tries;
    }

    private void count(String service, Try one, long micros, boolean news, long now) {
        if (one.backend().isEmpty()) {
            return;
        }
        Key key = new Key(service, one.backend());
        Account account = accounts.get(key);
        if (account == null) {
            tidy(now);
            if (accounts.size() >= most) {
                withoutAccount(key, one, news);
                return;
            }
            account = new Account(now);
            accounts.put(key, account);
        }
        if (one.connected()) {
            account.answered(one.status(), micros, statuses.contains(one.status()), news, now)
                    .ifPresent(what -> suspicions.burst(service, one.backend(), what));
        } else if (isRefused(one) && account.connectFailed(news, now)) {
            suspicions.connectFailed(service, one.backend());
        }
    }

    private void withoutAccount(Key key, Try one, boolean news) {
        if (!full) {
            LOG.warn(
                    "Requests to more than {} backends within ten minutes: of more only failed connections are noticed",
                    most);
        }
        full = true;
        if (news && isRefused(one)) {
            suspicions.connectFailed(key.serviceKey(), key.target());
        }
    }

    private static boolean isRefused(Try one) {
        return !one.connected() && one.status() == SERVICE_UNAVAILABLE;
    }

    /** Forgets those that had no request for long. */
    private void tidy(long now) {
        if (now - tidiedAt >= TIDY) {
            tidiedAt = now;
            accounts.values().removeIf(account -> now - account.idleSince() > IDLE);
        }
    }
}
