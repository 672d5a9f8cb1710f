package io.rollcall.registrar;

import io.rollcall.registrar.Session.Live;
import io.rollcall.registry.Instance;
import io.rollcall.registry.InstanceCodec;
import io.rollcall.registry.MalformedNodeException;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;

/**
 * Marks as left the older nodes of a backend that leaves: those of the same id and address that a killed process left behind. They
 * were ignored while there was a younger one, and would count again, for a server that is dead, until their sessions end. If
 * somebody is alive behind one after all, his registrar puts it right.
 */
final class Predecessors {
    private final Live live;
    private final Paths paths;
    private final String service;
    private final Consumer<Code> done;
    private final AtomicInteger open = new AtomicInteger(1);

    private Predecessors(Live live, Paths paths, String service, Consumer<Code> done) {
        this.live = live;
        this.paths = paths;
        this.service = service;
        this.done = done;
    }

    /** Tells when it is through; what could not be marked was not ours to mark. */
    static void silence(Live live, Paths paths, Instance self, long born, Consumer<Code> done) {
        Predecessors all = new Predecessors(live, paths, self.service(), done);
        live.zooKeeper()
                .getChildren(
                        paths.service(self.service()),
                        false,
                        (rc, path, context, names) -> {
                            List<String> found = names == null ? List.of() : names;
                            found.stream()
                                    .filter(name -> name.startsWith(self.id() + Paths.SUFFIX_MARK))
                                    .forEach(name -> all.look(name, self, born));
                            all.close(Code.get(rc));
                        },
                        null);
    }

    private void look(String name, Instance self, long born) {
        open.incrementAndGet();
        live.zooKeeper()
                .getData(
                        paths.node(service, name),
                        false,
                        (rc, path, context, data, stat) -> {
                            if (data != null && stat.getCzxid() < born) {
                                mark(name, data, stat.getVersion(), self);
                            }
                            close(Code.get(rc));
                        },
                        null);
    }

    private void mark(String name, byte[] data, int version, Instance self) {
        try {
            Instance other = InstanceCodec.decode(service, name, data);
            if (other.address().equals(self.address()) && other.port() == self.port() && other.state() != State.LEFT) {
                open.incrementAndGet();
                live.zooKeeper()
                        .setData(
                                paths.node(service, name),
                                InstanceCodec.encode(other.withState(State.LEFT), name),
                                version,
                                (rc, path, context, stat) -> close(Code.get(rc)),
                                null);
            }
        } catch (MalformedNodeException e) {
            // readers reject it as well
        }
    }

    private void close(Code code) {
        if (open.decrementAndGet() == 0) {
            done.accept(code);
        }
    }
}
