package io.rollcall.agent.watch;

import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.Order;
import io.rollcall.registry.OrderCodec;

/**
 * One order as it was last read.
 *
 * @param service the parent's name as written in the tree
 * @param id of the backend that is meant
 * @param version of the znode's data, for whoever writes or deletes it
 */
public record OrderNode(String service, String id, Key key, int version, Content content) {
    /**
     * One version of one order: what an ack quotes.
     *
     * @param czxid transaction that created it
     * @param mzxid transaction that last wrote it
     */
    public record Key(long czxid, long mzxid) {}

    /** What the data says. */
    public sealed interface Content {
        record Valid(Order order) implements Content {}

        record Malformed(String reason) implements Content {}
    }

    static Content decode(byte[] data) {
        try {
            return new Content.Valid(OrderCodec.decode(data));
        } catch (MalformedNodeException e) {
            return new Content.Malformed(String.valueOf(e.getMessage()));
        }
    }
}
