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
 */
public record Setting(Place place, Names names, Optional<Registry> registry) {
    Path configurations() {
        return place.top().resolve("apache/bench/contenders");
    }

    Registry registryOrFail() {
        return registry.orElseThrow(() -> new IllegalStateException("Rollcall takes part, and there is no registry"));
    }
}
