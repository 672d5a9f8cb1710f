package io.rollcall.agent.health;

/** How a probe ended. */
sealed interface Outcome {
    record Passed() implements Outcome {}

    record Failed(Failure failure) implements Outcome {}

    /** It could not be made, for a reason of this host's: that tells nothing of the backend. */
    record NotMade(String reason) implements Outcome {}
}
