package io.rollcall.agent.view;

import java.util.Map;

/**
 * What health did to a service.
 *
 * @param patients by path of the znode: those that would get requests if they are fit
 * @param panic whether nobody is fit, though some were, so that all get requests who may serve them
 */
public record Wellness(Map<String, Patient> patients, boolean panic) {
    public static final Wellness NONE = new Wellness(Map.of(), false);

    public Wellness {
        patients = Map.copyOf(patients);
    }
}
