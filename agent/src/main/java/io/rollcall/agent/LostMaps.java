package io.rollcall.agent;

import io.rollcall.agent.config.AgentConfig;
import io.rollcall.agent.publish.Spare;

/**
 * Puts maps that are lost back before anything else is even loaded, for httpd may be waiting for them: to load what an agent is made of
 * takes several times as long as Java itself.
 */
public final class LostMaps {
    private LostMaps() {}

    public static void putBack(AgentConfig config) {
        new Spare(config.mapsDir(), config.stateDir()).putBack();
    }
}
