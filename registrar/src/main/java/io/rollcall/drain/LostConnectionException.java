package io.rollcall.drain;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no connection to ZooKeeper, or there is none any more: whether what was asked for was done is not known. */
final class LostConnectionException extends IOException {
    private static final long serialVersionUID = 1L;

    LostConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
