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

    /** Something that is measured in each way of looking up. */
    interface Measurement {
        void on(Stage stage, Stage.Lookup lookup) throws Exception;
    }

    /** Each way of looking up on a new stage, its figures under its name. */
    void eachLookup(String run, Report report, Measurement measurement) throws Exception {
        for (Stage.Lookup lookup : Stage.Lookup.values()) {
            report.say(lookup.word() + ":");
            try (Stage stage = stage(run + "-" + lookup.word())) {
                measurement.on(stage, lookup);
            }
        }
    }
}
