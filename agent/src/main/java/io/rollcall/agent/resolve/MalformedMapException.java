package io.rollcall.agent.resolve;

/** Says why a file as a whole cannot be a published map. */
final class MalformedMapException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedMapException(String message) {
        super(message);
    }
}
