package io.rollcall.registrar;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Lets one thing happen at a time: a request to ZooKeeper, or the wait before the next try. An answer that comes after the turn was
 * taken back is late and is not heard. Loop only, except that an answer may come on any thread.
 */
final class Turn {
    private enum Taken {
        NO,
        REQUEST,
        WAIT
    }

    private final Loop loop;
    private final Backoff backoff;
    private Taken taken = Taken.NO;
    private long ticket;

    Turn(Loop loop, RandomGenerator random) {
        this.loop = loop;
        this.backoff = new Backoff(random);
    }

    boolean isTaken() {
        return taken != Taken.NO;
    }

    /** Whatever is under way, its answer is not heard. */
    void takeBack() {
        ticket++;
        taken = Taken.NO;
    }

    /** A wait ends now; a request goes on. */
    void hurry() {
        if (taken == Taken.WAIT) {
            takeBack();
        }
    }

    /** What to hand to ZooKeeper so that {@code then} hears the answer on the loop. */
    <T> Consumer<T> request(Consumer<T> then) {
        BiConsumer<T, Object> both = request((answer, nothing) -> then.accept(answer));
        return answer -> both.accept(answer, "");
    }

    <T, U> BiConsumer<T, U> request(BiConsumer<T, U> then) {
        long mine = take(Taken.REQUEST);
        return (one, two) -> loop.run(() -> release(mine, () -> then.accept(one, two)));
    }

    /** Waits longer each time, until {@link #succeeded}. */
    void later(Runnable then) {
        long mine = take(Taken.WAIT);
        loop.later(backoff.next(), () -> release(mine, then));
    }

    void succeeded() {
        backoff.reset();
    }

    private long take(Taken what) {
        taken = what;
        return ++ticket;
    }

    private void release(long mine, Runnable then) {
        if (ticket == mine) {
            taken = Taken.NO;
            then.run();
        }
    }
}
