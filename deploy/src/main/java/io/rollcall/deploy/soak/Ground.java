package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Stage;
import java.io.IOException;

/**
 * What a run is given.
 *
 * @param quick true if a first impression is enough: shorter, and the figures are rougher
 */
record Ground(Place place, boolean quick) {

    /** A new stage with files of its own. */
    Stage stage(String name) throws IOException {
        return Stage.at(place.inside(name), false);
    }
}
