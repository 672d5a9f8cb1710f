package io.rollcall.registrar;

import io.rollcall.registry.Instance;
import io.rollcall.registry.InstanceCodec;
import io.rollcall.registry.Paths;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.zookeeper.common.PathUtils;
import org.jspecify.annotations.Nullable;

/**
 * Turns a backend into the name and data of its znode. Whatever could be wrong is found when it is made, on the caller's thread;
 * an address that was not given is asked for when the first node is written. After that, loop only.
 */
final class NodeData {
    private static final String LONGEST_ADDRESS = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    private static final String LONGEST_SUFFIX = Paths.SUFFIX_MARK + "ffffffffffffffff-9223372036854775807";

    private final Backend backend;
    private final Supplier<String> defaultAddress;
    private final String incarnation;
    private final long registeredAt;
    private @Nullable String address; // the same for the life of a registration

    NodeData(Backend backend, Paths paths, Supplier<String> defaultAddress, String incarnation, long registeredAt) {
        this.backend = backend;
        this.defaultAddress = defaultAddress;
        this.incarnation = incarnation;
        this.registeredAt = registeredAt;
        this.address = backend.address().orElse(null);
        backend.address().ifPresent(LocalAddress::requireLiteral);
        Instance largest = instance(initial(), backend.address().orElse(LONGEST_ADDRESS));
        InstanceCodec.encode(largest, largest.id() + LONGEST_SUFFIX);
        PathUtils.validatePath(paths.node(largest.service(), largest.id() + LONGEST_SUFFIX));
    }

    String service() {
        return backend.service();
    }

    /** For logs, before and after the address is known. */
    String label() {
        return backend.service() + "/" + idAt(backend.address().orElse("*"));
    }

    Wanted initial() {
        return new Wanted(io.rollcall.registry.State.UP, backend.weight());
    }

    /** Throws {@link IllegalArgumentException} if the backend cannot be that. */
    void check(Wanted wanted) {
        instance(wanted, backend.address().orElse(LONGEST_ADDRESS));
    }

    String id() {
        return idAt(address());
    }

    String encode(Wanted wanted, String nodeName) {
        return new String(InstanceCodec.encode(instance(wanted, address()), nodeName), StandardCharsets.UTF_8);
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
                wanted.state(),
                wanted.weight(),
                incarnation,
                backend.version(),
                backend.zone(),
                registeredAt,
                backend.metadata());
    }
}
