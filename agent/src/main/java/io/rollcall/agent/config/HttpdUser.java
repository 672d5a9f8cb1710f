package io.rollcall.agent.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whose connections to a backend count as httpd's.
 *
 * @param name for people
 * @param uid empty: everybody's
 */
public record HttpdUser(String name, OptionalInt uid) {
    public static final HttpdUser ANY = new HttpdUser("any user", OptionalInt.empty());

    /** A name, a number, or {@code any}: no user is guessed, because connections of the one that httpd has would not be seen. */
    static HttpdUser parse(String text) {
        if (text.equals("any")) {
            return ANY;
        }
        return text.matches("\\d{1,9}")
                ? new HttpdUser("user " + text, OptionalInt.of(Integer.parseInt(text)))
                : named(text)
                        .orElseThrow(() -> new IllegalArgumentException("a user of this machine, a number or any"));
    }

    private static Optional<HttpdUser> named(String name) {
        if (!name.matches("[a-zA-Z_][a-zA-Z0-9_.-]*")) {
            return Optional.empty();
        }
        try {
            // Not /etc/passwd: users may come from elsewhere.
            Process id = new ProcessBuilder("id", "-u", name)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(id.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return id.waitFor() == 0
                    ? Optional.of(new HttpdUser(name, OptionalInt.of(Integer.parseInt(said))))
                    : Optional.empty();
        } catch (IOException e) {
            throw new IllegalArgumentException("a number where the program id does not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
