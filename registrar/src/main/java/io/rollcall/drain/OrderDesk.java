package io.rollcall.drain;

import io.rollcall.drain.Reading.Standing;
import io.rollcall.registry.Order;
import io.rollcall.registry.OrderCodec;
import io.rollcall.registry.Paths;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;

/** Writes orders and takes them back, on one session. */
final class OrderDesk {
    /** How often somebody else may be faster before that is an error. Each time he has done something that ends. */
    private static final int TRIES = 100;

    /** An order that stands, and whether it stood before. */
    record Given(Standing standing, boolean adopted) {}

    private final Calls calls;
    private final Reader reader;
    private final Paths paths;

    OrderDesk(Calls calls, Paths paths) {
        this.calls = calls;
        this.reader = new Reader(calls, paths);
        this.paths = paths;
    }

    /**
     * Gives an order to {@code member}, or adopts the one that asks for the same. One for another process that had the id, or that
     * waits for successors that are gone, is replaced; one that asks for something else is left alone.
     */
    Given give(String service, Member member, Order order) throws IOException, RefusedException {
        String path = paths.order(service, member.id());
        try {
            for (int i = 0; i < TRIES; i++) {
                Optional<Standing> standing = reader.order(service, member.id());
                if (standing.isPresent() && !isStale(standing.get(), member, order)) {
                    return adopt(standing.get(), member, order);
                }
                if (standing.isPresent()) {
                    remove(
                            service,
                            member.id(),
                            standing.get().czxid(),
                            standing.get().version());
                }
                try {
                    calls.create(path, OrderCodec.encode(order));
                } catch (KeeperException.NodeExistsException e) {
                    if (reader.order(service, member.id()).isEmpty()) {
                        remove(service, member.id(), 0, -1); // there is something that nobody can read
                    }
                }
            }
        } catch (KeeperException e) {
            throw Reader.failed(e);
        }
        throw new IOException("the order at " + path + " changed " + TRIES + " times while it was written");
    }

    private static boolean isStale(Standing standing, Member member, Order wanted) {
        Order order = standing.order();
        boolean sameIds = ids(order.to()).equals(ids(wanted.to()));
        return !Goal.isAbout(order, standing.czxid(), member)
                || (sameIds && !Goal.sameSuccessors(order.to(), wanted.to()));
    }

    static List<String> ids(List<Order.Successor> to) {
        return to.stream().map(Order.Successor::id).sorted().toList();
    }

    private static Given adopt(Standing standing, Member member, Order wanted) throws RefusedException {
        Order order = standing.order();
        boolean drainsAtOnce = wanted.to().isEmpty() && order.action() == Order.Action.DRAIN;
        if (!Goal.sameSuccessors(order.to(), wanted.to()) || (wanted.to().isEmpty() && !drainsAtOnce)) {
            throw other(member.id(), order);
        }
        boolean own = order.by().equals(wanted.by()) && order.at().equals(wanted.at());
        return new Given(standing, !own);
    }

    static RefusedException other(String id, Order order) {
        return new RefusedException(
                RefusedException.Reason.OTHER_ORDER,
                id + " is under another order: " + describe(order) + "; undrain it first");
    }

    static String describe(Order order) {
        String to = order.to().isEmpty() ? "" : " in favour of " + String.join(", ", ids(order.to()));
        return order.action().word() + to + ", by " + (order.by().isEmpty() ? "somebody" : order.by())
                + (order.at().isEmpty() ? "" : " at " + order.at());
    }

    /** From now on the backend is to be drained. False if the order changed meanwhile. */
    boolean drain(String service, String backend, Standing prepared) throws IOException {
        try {
            calls.write(
                    paths.order(service, backend),
                    OrderCodec.encode(prepared.order().withAction(Order.Action.DRAIN)),
                    prepared.version());
            return true;
        } catch (KeeperException.BadVersionException | KeeperException.NoNodeException e) {
            return false;
        } catch (KeeperException e) {
            throw Reader.failed(e);
        }
    }

    /**
     * Takes an order back, with its acks. False if it is gone already or has changed.
     *
     * @param czxid of the order that is meant; 0 for whatever is there
     * @param version of it that is meant; -1 for any
     */
    boolean remove(String service, String backend, long czxid, int version) throws IOException {
        String path = paths.order(service, backend);
        try {
            for (int i = 0; i < TRIES; i++) {
                if (czxid != 0
                        && reader.order(service, backend)
                                .filter(standing -> standing.czxid() == czxid)
                                .isEmpty()) {
                    return false;
                }
                List<Op> steps = new ArrayList<>();
                for (String ack : Calls.get(calls.children(path))) {
                    steps.add(Op.delete(path + "/" + ack, -1));
                }
                steps.add(Op.delete(path, version));
                try {
                    calls.together(steps);
                    return true;
                } catch (KeeperException.NotEmptyException | KeeperException.NoNodeException e) {
                    // an agent came or went in between
                    if (Calls.get(calls.exists(path)).isEmpty()) {
                        return false;
                    }
                }
            }
        } catch (KeeperException.BadVersionException e) {
            return false;
        } catch (KeeperException e) {
            throw Reader.failed(e);
        }
        throw new IOException("the acks at " + path + " changed " + TRIES + " times while it was to be removed");
    }
}
