package io.rollcall.agent.publish;

import java.time.Instant;
import java.util.Optional;

/**
 * How the published maps stand.
 *
 * @param publications how often they changed since the agent started
 * @param changedAt when they last changed
 * @param checkedAt when they were last written or their age was last advanced
 * @param made whether the maps are made of the view; else they are those that were found, and stay
 * @param problem why they could not be written; empty if they could
 */
public record PublicationStatus(
        long publications, Optional<Instant> changedAt, Optional<Instant> checkedAt, boolean made, String problem) {
    public static final PublicationStatus NONE =
            new PublicationStatus(0, Optional.empty(), Optional.empty(), false, "");

    public PublicationStatus published(boolean changed, boolean ofView, Instant now) {
        return new PublicationStatus(
                changed ? publications + 1 : publications,
                changed ? Optional.of(now) : changedAt,
                Optional.of(now),
                ofView,
                "");
    }

    public PublicationStatus failed(String why) {
        return new PublicationStatus(publications, changedAt, checkedAt, made, why);
    }
}
