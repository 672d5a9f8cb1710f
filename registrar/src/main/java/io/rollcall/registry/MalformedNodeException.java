package io.rollcall.registry;

/** A znode's data that is not what belongs there; the message names the field, the value and what was expected. */
public final class MalformedNodeException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedNodeException(String message) {
        super(message);
    }
}
