package io.rollcall.agent.resolve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;

/**
 * One key of the table: its backends as ready-made ends of replies, and whose turn it is.
 *
 * <p>All but the turn is fixed at construction, by the thread that loads. The turn belongs to the thread that looks up; it
 * survives a reload because a service that did not change is carried over as it is.
 */
final class Service {
    private static final byte[] NO_BACKEND = " -\n".getBytes(ISO_8859_1);
    private static final int[] ONLY_ONE = {0};
    private static final byte[] NONE = {};
    private static final String[] NO_ADDRESSES = {};

    private final byte[] key;
    private final String[] addresses;
    private final int[] weights;
    private final byte[][] replies;
    private final int[] order;

    /** Index into {@link #order}; written by the looking-up thread only. */
    private int turn;

    /**
     * @param slots address to number of slots, at least 1; empty for a service without a routable backend
     * @param random where in its cycle a new schedule starts: were it always the first backend, every change of a service, and
     *     every start of an httpd, would send that one the next request
     */
    Service(String key, SortedMap<String, Integer> slots, Random random) {
        this.key = key.getBytes(ISO_8859_1);
        addresses = slots.keySet().toArray(new String[0]);
        weights = new int[addresses.length];
        int i = 0;
        for (int weight : slots.values()) {
            weights[i++] = weight;
        }
        replies = addresses.length == 0 ? new byte[][] {NO_BACKEND} : replies(addresses);
        order = addresses.length <= 1 ? ONLY_ONE : Schedule.of(weights);
        turn = order.length == 1 ? 0 : random.nextInt(order.length);
    }

    private Service(byte[] key, byte[]... replies) {
        this.key = key;
        this.addresses = NO_ADDRESSES;
        this.weights = ONLY_ONE;
        this.replies = replies;
        this.order = ONLY_ONE;
    }

    /** A key whose lines make no sense. It is in the table so that nothing older is found under it. */
    static Service unreadable(String key) {
        return new Service(key.getBytes(ISO_8859_1));
    }

    /** Whatever its key, the answer is this: made for one question, of as little as can be. */
    static Service of(byte[] answer) {
        byte[] reply = new byte[answer.length + 2];
        reply[0] = ' ';
        System.arraycopy(answer, 0, reply, 1, answer.length);
        reply[reply.length - 1] = '\n';
        return new Service(NONE, reply);
    }

    boolean isReadable() {
        return replies.length > 0;
    }

    private static byte[][] replies(String[] addresses) {
        byte[][] replies = new byte[addresses.length][];
        for (int i = 0; i < replies.length; i++) {
            replies[i] = " ".concat(addresses[i]).concat("\n").getBytes(ISO_8859_1);
        }
        return replies;
    }

    byte[] key() {
        return key;
    }

    boolean hasKey(byte[] bytes, int from, int to) {
        return Arrays.equals(key, 0, key.length, bytes, from, to);
    }

    boolean hasSlots(Map<String, Integer> slots) {
        if (slots.size() != addresses.length) {
            return false;
        }
        int i = 0;
        for (Map.Entry<String, Integer> slot : slots.entrySet()) {
            if (slot.getValue() != weights[i] || !slot.getKey().equals(addresses[i])) {
                return false;
            }
            i++;
        }
        return true;
    }

    /** The next backend's {@code " address\n"}, or {@code " -\n"}; not to be written to. */
    byte[] next() {
        byte[] reply = replies[order[turn]];
        turn = turn + 1 == order.length ? 0 : turn + 1;
        return reply;
    }
}
