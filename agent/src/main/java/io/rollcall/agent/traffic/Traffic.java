package io.rollcall.agent.traffic;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Keeps the accounts of all backends and says when one looks bad. Guarded by itself. */
public final class Traffic {
    /** Is told, by whoever reads the log, so it must not wait. */
    public interface Suspicions {
        /** A connection to the backend could not be made. */
        void connectFailed(String serviceKey, String target);

        /** Several requests within a second got errors from it. */
        void burst(String serviceKey, String target, String what);
    }

    /** Accounts; more backends than that are not told apart from none. */
    private static final int MOST = 20_000;

    private static final long IDLE = 600_000_000_000L;
    private static final int SERVICE_UNAVAILABLE = 503;

    /** Of one backend in one service. */
    public record Key(String serviceKey, String target) {}

    private final Set<Integer> statuses;
    private final Suspicions suspicions;
    private final RequestLine request = new RequestLine();
    private final Map<Key, Account> accounts = new HashMap<>();
    private long lines;

    /** Takes the statuses that count as errors of a backend. */
    public Traffic(Set<Integer> statuses, Suspicions suspicions) {
        this.statuses = Set.copyOf(statuses);
        this.suspicions = suspicions;
    }

    /** One line of the request log; others are left out. */
    public synchronized void line(byte[] bytes, int from, int to, long now) {
        if (request.take(bytes, from, to)) {
            lines++;
            count(false, now);
            if (request.twice()) {
                count(true, now);
            }
        }
    }

    public synchronized Map<Key, TrafficReport> reports(long now) {
        Map<Key, TrafficReport> reports = new HashMap<>();
        accounts.forEach((key, account) -> reports.put(key, account.report(now)));
        return reports;
    }

    synchronized long lines() {
        return lines;
    }

    /** Forgets those that had no request for long. */
    synchronized void tidy(long now) {
        accounts.values().removeIf(account -> now - account.idleSince() > IDLE);
    }

    private void count(boolean second, long now) {
        String target = request.backend(second);
        if (target.isEmpty()) {
            return;
        }
        Key key = new Key(request.service(), target);
        Account account = accounts.get(key);
        if (account == null) {
            if (accounts.size() >= MOST) {
                return;
            }
            account = new Account(now);
            accounts.put(key, account);
        }
        int status = request.status(second);
        if (request.connected(second)) {
            account.answered(status, request.micros(), statuses.contains(status), now)
                    .ifPresent(what -> suspicions.burst(key.serviceKey(), target, what));
        } else if (status == SERVICE_UNAVAILABLE) {
            account.connectFailed(now);
            suspicions.connectFailed(key.serviceKey(), target);
        }
    }
}
