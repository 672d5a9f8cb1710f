package io.rollcall.registrar;

import io.rollcall.registry.Instance;
import io.rollcall.registry.InstanceCodec;
import io.rollcall.registry.Paths;
import io.rollcall.registry.State;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.zookeeper.common.PathUtils;
import org.jspecify.annotations.Nullable;

/**
 * Turns a backend into the name and data of its znode. An address that was not given is asked for when the first node is written,
 * on the loop.
 */
final class NodeData {
    static final String LONGEST_INCARNATION = "ffffffffffffffff";
    static final String LONGEST_ADDRESS = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    private static final String LONGEST_SUFFIX = Paths.SUFFIX_MARK + "ffffffffffffffff-9223372036854775807";

    private final Backend backend;
    private final Supplier<String> defaultAddress;
    private final String incarnation;
    private final long registeredAt;
    private @Nullable String address; // the same for the life of a registration

    NodeData(Backend backend, Supplier<String> defaultAddress, String incarnation, long registeredAt) {
        this.backend = backend;
        this.defaultAddress = defaultAddress;
        this.incarnation = incarnation;
        this.registeredAt = registeredAt;
        this.address = backend.address().orElse(null);
    }

    /** Throws {@link IllegalArgumentException} if the znode would be too large or its name is one that ZooKeeper refuses. */
    static void requireFitting(Instance instance) {
        String node = instance.id() + LONGEST_SUFFIX;
        InstanceCodec.encode(instance, node);
        PathUtils.validatePath(new Paths("/").node(instance.service(), node));
    }

    String service() {
        return backend.service();
    }

    String incarnation() {
        return incarnation;
    }

    /** For logs, before and after the address is known. */
    String label() {
        return backend.service() + "/" + idAt(backend.address().orElse("*"));
    }

    Wanted initial() {
        return new Wanted(State.UP, backend.weight(), backend.linger());
    }

    /** Throws {@link IllegalArgumentException} if the backend cannot be that. */
    void check(Wanted wanted) {
        instance(wanted, backend.address().orElse(LONGEST_ADDRESS));
    }

    String id() {
        return idAt(address());
    }

    Instance instance(Wanted wanted) {
        return instance(wanted, address());
    }

    String encode(Wanted wanted, String nodeName) {
        return new String(InstanceCodec.encode(instance(wanted), nodeName), StandardCharsets.UTF_8);
    }

    private String address() {
        if (address == null) {
            address = defaultAddress.get();
        }
        return address;
    }

    private String idAt(String host) {
        return backend.id().orElseGet(() -> host + "-" + backend.port());
    }

    private Instance instance(Wanted wanted, String host) {
        return new Instance(
                backend.service(),
                idAt(host),
                host,
                backend.port(),
                backend.scheme(),
                backend.probe(),
                wanted.state(),
                wanted.weight(),
                incarnation,
                backend.version(),
                backend.zone(),
                registeredAt,
                backend.metadata());
    }
}
