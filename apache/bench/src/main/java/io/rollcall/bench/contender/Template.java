package io.rollcall.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A configuration of the tree with its words between @ filled in. */
public final class Template {
    private static final Pattern WORD = Pattern.compile("@([A-Z0-9]+)@");

    private Template() {}

    /** Writes the file with its words filled in; one that has no value is an error. */
    public static Path fill(Path template, Map<String, String> words, Path target) throws IOException {
        String text = Files.readString(template);
        Matcher matcher = WORD.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String value = words.get(matcher.group(1));
            if (value == null) {
                throw new IOException(template + ": @" + matcher.group(1) + "@ has no value (expected: one of "
                        + words.keySet() + ")");
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        matcher.appendTail(filled);
        return Files.writeString(target, filled);
    }
}
