package io.rollcall.registry;

/** A znode's data that is no backend; the message names the field, the value and what was expected. */
public final class MalformedInstanceException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedInstanceException(String message) {
        super(message);
    }
}
