package io.rollcall.agent.watch;

import io.rollcall.registry.Instance;
import io.rollcall.registry.InstanceCodec;
import io.rollcall.registry.MalformedNodeException;

/**
 * One child of a service as it was last read.
 *
 * @param service the parent's name as written in the tree
 * @param name the node's own name
 * @param czxid transaction that created it: of several nodes with one id the youngest counts
 * @param mzxid transaction that last wrote it
 */
public record Node(String service, String name, long czxid, long mzxid, Content content) {
    /** What the data says. */
    public sealed interface Content {
        record Valid(Instance instance) implements Content {}

        record Malformed(String reason) implements Content {}
    }

    static Node of(String service, String name, long czxid, long mzxid, byte[] data) {
        return new Node(service, name, czxid, mzxid, decode(service, name, data));
    }

    static Node unreadable(String service, String name) {
        return new Node(
                service,
                name,
                0,
                0,
                new Content.Malformed("data: not readable by the agent (expected: READ permission)"));
    }

    static Node unlisted(String service) {
        return new Node(
                service,
                Subject.UNLISTED,
                0,
                0,
                new Content.Malformed("children: cannot be listed by the agent (expected: READ permission)"));
    }

    private static Content decode(String service, String name, byte[] data) {
        try {
            return new Content.Valid(InstanceCodec.decode(service, name, data));
        } catch (MalformedNodeException e) {
            return new Content.Malformed(String.valueOf(e.getMessage()));
        }
    }
}
