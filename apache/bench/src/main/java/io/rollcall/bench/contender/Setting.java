package io.rollcall.bench.contender;

import io.rollcall.bench.Names;
import io.rollcall.deploy.stage.Place;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the contenders of one size have in common.
 *
 * @param place where files go
 * @param names what they are to route
 * @param registry what Rollcall follows; empty where no Rollcall takes part
 * @param children of an httpd, with {@link #THREADS} threads each
 */
public record Setting(Place place, Names names, Optional<Registry> registry, int children) {
    /**
     * More than there are connections: where all of them happen to be one child's, and no thread of it is idle, httpd ends kept-alive
     * connections to have room. With 25 threads it ended thousands a second of 32, with 33 a few, with 40 none.
     */
    static final int THREADS = 40;

    private static final int CHILDREN = 4;

    public Setting(Place place, Names names, Optional<Registry> registry) {
        this(place, names, registry, CHILDREN);
    }

    Path configurations() {
        return place.top().resolve("apache/bench/contenders");
    }

    Registry registryOrFail() {
        return registry.orElseThrow(() -> new IllegalStateException("Rollcall takes part, and there is no registry"));
    }
}
