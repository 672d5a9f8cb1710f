package io.rollcall.bench.load;

import io.rollcall.bench.Names;
import io.rollcall.bench.contender.Hosts;
import io.rollcall.bench.contender.Tree;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Servers that are replaced one after the other, the oldest first: each of its names moves to a new server, and when all of them
 * have said that they leave it goes on serving for a while, and ends. Its address is free for another one then.
 */
public final class Fleet {
    /** Names that a server has. */
    private static final int SHARE = 5;

    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);

    /**
     * What came of it.
     *
     * @param perSecond names that moved in a second
     * @param ended servers
     * @param names that have moved
     */
    public record Result(double perSecond, int ended, Set<String> names) {}

    /** A server that all its names have left. */
    private record Leaving(int host, long endsNanos) {}

    private final Hosts hosts;
    private final Tree tree;
    private final List<String> addresses;
    private final List<Deque<String>> names = new ArrayList<>(); // by the number of their server
    private final Deque<Integer> serving = new ArrayDeque<>(); // the oldest first
    private final Deque<Leaving> leaving = new ArrayDeque<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    // Of the time that a thread moves names: it has all of the above meanwhile.
    private Thread thread = new Thread();
    private volatile boolean stopped;
    private volatile Optional<Exception> failure = Optional.empty();
    private volatile Result result = new Result(0, 0, Set.of());

    private Fleet(Hosts hosts, Tree tree) {
        this.hosts = hosts;
        this.tree = tree;
        this.addresses = hosts.addresses();
    }

    /** Begins all servers, and gives each the names whose home it is. */
    public static void begin(Hosts hosts, Names names) throws Exception {
        for (int host = 0; host < hosts.addresses().size(); host++) {
            hosts.begin(host);
        }
        for (int i = 0; i < names.count(); i++) {
            hosts.give(i % hosts.addresses().size(), names.name(i));
        }
    }

    /**
     * Of those that have begun. The names move together first, to so few that their addresses will do for those that come and go; the
     * others end.
     */
    public static Fleet of(Hosts hosts, Tree tree, Names names, Duration linger) throws Exception {
        Fleet fleet = new Fleet(hosts, tree);
        int all = fleet.addresses.size();
        int few = names.count() / SHARE;
        Stream.generate(ArrayDeque<String>::new).limit(all).forEach(fleet.names::add);
        for (int i = 0; i < names.count(); i++) {
            fleet.names.get(i % all).add(names.name(i));
        }
        int target = 0;
        for (int host = few; host < all; host++) {
            while (!fleet.names.get(host).isEmpty()) {
                while (fleet.names.get(target).size() >= SHARE) {
                    target++;
                }
                fleet.move(host, target);
            }
            fleet.leaving.add(new Leaving(host, System.nanoTime() + linger.toNanos()));
        }
        for (int host = 0; host < few; host++) {
            fleet.serving.add(host);
        }
        while (!fleet.leaving.isEmpty()) {
            fleet.endThoseDue();
            LockSupport.parkNanos(LOOK);
        }
        return fleet;
    }

    /**
     * Starts to replace them.
     *
     * @param perSecond names that move in a second
     * @param linger how long a server goes on when all its names have left
     */
    public void start(double perSecond, Duration linger) {
        stopped = false;
        failure = Optional.empty();
        thread = new Thread(() -> run(perSecond, linger), "fleet");
        thread.setDaemon(true);
        thread.start();
    }

    /** No more moves. Those that linger end when their time has come. */
    public Result stop() throws Exception {
        stopped = true;
        thread.join();
        if (failure.isPresent()) {
            throw failure.get();
        }
        return result;
    }

    private void run(double perSecond, Duration linger) {
        long begin = System.nanoTime();
        int moves = 0;
        int ended = 0;
        Set<String> moved = new LinkedHashSet<>();
        Deque<Integer> filling = new ArrayDeque<>(); // the one that takes names, if there is one
        try {
            while (!stopped) {
                if (filling.isEmpty() && !free.isEmpty()) {
                    hosts.begin(free.element());
                    filling.add(free.remove());
                }
                if (!filling.isEmpty()) {
                    moved.add(next(filling, linger));
                    moves++;
                }
                long due = begin + (long) (moves * TimeUnit.SECONDS.toNanos(1) / perSecond);
                do {
                    ended += endThoseDue();
                    LockSupport.parkNanos(Math.min(Math.max(1, due - System.nanoTime()), LOOK));
                } while (!stopped && due - System.nanoTime() > 0);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            serving.addAll(filling);
            while (!leaving.isEmpty()) {
                ended += endThoseDue();
                LockSupport.parkNanos(LOOK);
            }
            tree.endMoves();
            result = new Result(moves / seconds, ended, Set.copyOf(moved));
        } catch (Exception e) {
            failure = Optional.of(e);
        }
    }

    /** Moves one name away from the oldest. */
    private String next(Deque<Integer> filling, Duration linger) throws Exception {
        int from = serving.element();
        int to = filling.element();
        String name = move(from, to);
        if (names.get(from).isEmpty()) {
            serving.remove();
            leaving.add(new Leaving(from, System.nanoTime() + linger.toNanos()));
        }
        if (names.get(to).size() >= SHARE) {
            serving.add(filling.remove());
        }
        return name;
    }

    private String move(int from, int to) throws Exception {
        String name = names.get(from).remove();
        hosts.give(to, name);
        names.get(to).add(name);
        tree.moveSoon(name, addresses.get(to));
        return name;
    }

    private int endThoseDue() throws Exception {
        int ended = 0;
        while (!leaving.isEmpty() && leaving.element().endsNanos() - System.nanoTime() <= 0) {
            int host = leaving.remove().host();
            hosts.end(host);
            free.add(host);
            ended++;
        }
        return ended;
    }
}
