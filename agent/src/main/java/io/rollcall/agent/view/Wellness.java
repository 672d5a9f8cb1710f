package io.rollcall.agent.view;

import java.util.Map;
import java.util.Set;

/**
 * What health did to a view.
 *
 * @param patients by path of the znode: those that would get requests if they are fit
 * @param panics services of which nobody is fit, so that all get requests
 * @param held whether failures are not believed because most backends fail from this host
 */
public record Wellness(Map<String, Patient> patients, Set<String> panics, boolean held) {
    public static final Wellness NONE = new Wellness(Map.of(), Set.of(), false);

    public Wellness {
        patients = Map.copyOf(patients);
        panics = Set.copyOf(panics);
    }
}
