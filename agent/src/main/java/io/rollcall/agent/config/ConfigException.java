package io.rollcall.agent.config;

/** A setting that cannot be honoured; the message names file, line, key, value and what was expected. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }
}
