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
 * @param children of an httpd, which share {@link #THREADS} threads
 */
public record Setting(Place place, Names names, Optional<Registry> registry, int children) {
    private static final int THREADS = 100;
    private static final int CHILDREN = 4;

    public Setting(Place place, Names names, Optional<Registry> registry) {
        this(place, names, registry, CHILDREN);
    }

    int threadsPerChild() {
        return THREADS / children;
    }

    Path configurations() {
        return place.top().resolve("apache/bench/contenders");
    }

    Registry registryOrFail() {
        return registry.orElseThrow(() -> new IllegalStateException("Rollcall takes part, and there is no registry"));
    }
}
