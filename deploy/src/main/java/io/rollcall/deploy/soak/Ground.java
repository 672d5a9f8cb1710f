package io.rollcall.deploy.soak;

import io.rollcall.deploy.stage.Place;
import io.rollcall.deploy.stage.Stage;
import java.io.IOException;
import java.util.List;

/**
 * What a run is given.
 *
 * @param size how much of it
 * @param lookups in which ways httpd is to look backends up, where the run tries several
 */
record Ground(Place place, Size size, List<Stage.Lookup> lookups) {
    Ground {
        lookups = List.copyOf(lookups);
    }

    /** How long a run may be. */
    enum Size {
        FULL,
        /** A first impression: shorter, and the figures are rougher. */
        QUICK,
        /** As little as shows that it works, for the build. */
        TEST;

        <T> T pick(T full, T quick, T test) {
            return switch (this) {
                case FULL -> full;
                case QUICK -> quick;
                case TEST -> test;
            };
        }
    }

    boolean quick() {
        return size != Size.FULL;
    }

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
        for (Stage.Lookup lookup : lookups) {
            report.say(lookup.word() + ":");
            try (Stage stage = stage(run + "-" + lookup.word())) {
                measurement.on(stage, lookup);
            }
        }
    }
}
