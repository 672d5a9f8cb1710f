package io.rollcall.agent.watch;

import io.rollcall.agent.table.Table;
import java.util.NavigableMap;
import org.apache.zookeeper.data.Stat;

/**
 * What a watch is on: a tree of two levels, services and nodes.
 *
 * @param <N> one node as it was last read
 * @param <T> the whole at one moment
 */
public interface Subject<N, T> {
    /** No node's name: stands for all of a service's children that cannot be listed. */
    String UNLISTED = "";

    /** The path of the root. */
    String base();

    /** What it is called, such as {@code services}. */
    String what();

    N node(String service, String name, Stat stat, byte[] data);

    /** A node that may not be read. */
    N unreadable(String service, String name);

    /** Stands for the children of a service that may not be listed. */
    N unlisted(String service);

    T whole(Table<NavigableMap<String, N>> nodes);
}
