package io.rollcall.agent.cli;

import io.rollcall.agent.config.Values;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 500ms}, {@code 10s}, as in the agent's configuration. */
final class DurationText implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return Values.duration(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' (expected: " + e.getMessage() + ")");
        }
    }
}
