package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Fronts;
import io.rollcall.deploy.stage.Server;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One service that is handed over from process a to process b to a new process a, and so on; each is killed when that is allowed. */
final class Relay {
    /** One in so many is handed over by the command. */
    private static final int COMMAND = 10;

    private final Fronts fronts;
    private final String service;
    private final Semaphore starts;
    private Server current; // one thread at a time

    private Relay(Fronts fronts, String service, Semaphore starts, Server first) {
        this.fronts = fronts;
        this.service = service;
        this.starts = starts;
        this.current = first;
    }

    /**
     * Starts the first process.
     *
     * @param starts how many JVMs may be started at the same time, so that they do not starve what is under test
     */
    static Relay start(Fronts fronts, String service, Semaphore starts) throws IOException, InterruptedException {
        Relay relay = new Relay(fronts, service, starts, registered(fronts, service, "a", starts));
        fronts.awaitRouted(relay.current);
        return relay;
    }

    String service() {
        return service;
    }

    Server current() {
        return current;
    }

    /** A process that is in the registry; its id is the other one of the two. */
    Server next() throws IOException, InterruptedException {
        return registered(fronts, service, current.id().equals("a") ? "b" : "a", starts);
    }

    private static Server registered(Fronts fronts, String service, String id, Semaphore starts)
            throws IOException, InterruptedException {
        starts.acquire();
        try {
            return fronts.startServer(service, id).awaitRegistered();
        } finally {
            starts.release();
        }
    }

    /** Hands over until all turns are taken, or one did not work. */
    void run(AtomicInteger turns, Hand inJava, Hand byCommand, Trap trap, Consumer<Pass> passes)
            throws IOException, InterruptedException {
        for (int turn = turns.getAndDecrement(); turn > 0; turn = turns.getAndDecrement()) {
            boolean command = turn % COMMAND == 1;
            Pass pass = handover(command ? byCommand : inJava, command, trap);
            passes.accept(pass);
            if (!pass.answer().quiet()) {
                return;
            }
        }
    }

    private Pass handover(Hand hand, boolean command, Trap trap) throws IOException, InterruptedException {
        Server to = next();
        long ordered = System.nanoTime();
        Hand.Answer answer = hand.handover(service, current.id(), to.id());
        long quiet = System.nanoTime();
        if (!answer.quiet()) {
            return new Pass(service, answer, command, ordered, quiet, quiet, current.seen());
        }
        Server old = current;
        long killed = replaceBy(to, trap);
        Pass pass = new Pass(service, answer, command, ordered, quiet, killed, old.seen());
        old.forget();
        return pass;
    }

    /** SIGKILL to the one that was handed over; when it was gone. */
    long replaceBy(Server to, Trap trap) throws IOException, InterruptedException {
        Server old = current;
        fronts.kill(old);
        long killed = System.nanoTime();
        trap.set(Fronts.BACKENDS, (int) old.process().port());
        current = to;
        return killed;
    }
}
