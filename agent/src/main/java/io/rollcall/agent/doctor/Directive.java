package io.rollcall.agent.doctor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One directive of a configuration as httpd itself read it, with macros, variables and includes resolved.
 *
 * @param source the file, or a description of the macro, as httpd names it
 * @param sections the sections around it from the outside in, such as {@code <VirtualHost *:80>}
 * @param site number of the virtual host it is in, 0 in the main server: hosts may have equal headings
 */
record Directive(String name, String arguments, String source, int line, List<String> sections, int site) {
    private static final Pattern USED_AT = Pattern.compile("used on line (\\d+) of \"([^\"]*)\"+$");

    Directive {
        sections = List.copyOf(sections);
    }

    /** Reads what {@code httpd -t -D DUMP_CONFIG} prints (mod_info). */
    static List<Directive> parse(String dump) {
        List<Directive> directives = new ArrayList<>();
        Deque<String> sections = new ArrayDeque<>();
        String source = "";
        int line = 0;
        int sites = 0;
        for (String raw : dump.lines().toList()) {
            String text = raw.strip();
            if (text.startsWith("# In file: ")) {
                source = text.substring("# In file: ".length());
            } else if (text.matches("# +\\d+:")) {
                line = Integer.parseInt(text.substring(1, text.length() - 1).strip());
            } else if (text.startsWith("</")) {
                sections.pollLast();
            } else if (text.startsWith("<")) {
                sites += isSite(text) ? 1 : 0;
                sections.addLast(text);
            } else if (!text.isEmpty() && !text.startsWith("#")) {
                String[] words = text.split("\\s+", 2);
                directives.add(new Directive(
                        words[0],
                        words.length > 1 ? words[1] : "",
                        source,
                        line,
                        List.copyOf(sections),
                        site(sections, sites)));
            }
        }
        return directives;
    }

    boolean is(String directive) {
        return name.equalsIgnoreCase(directive);
    }

    boolean inMainServer() {
        return site == 0;
    }

    /** Whether it stands directly in its server, in no section that limits it to some requests. */
    boolean isServerWide() {
        return sections.stream().allMatch(Directive::isSite);
    }

    boolean isFromMacro() {
        return source.startsWith("macro '");
    }

    /** Where a person would look for it: file and line, for a macro those of its use. */
    String place() {
        Matcher used = USED_AT.matcher(source);
        return isFromMacro() && used.find() ? used.group(2) + ":" + used.group(1) : source + ":" + line;
    }

    private static int site(Collection<String> sections, int sites) {
        return sections.stream().anyMatch(Directive::isSite) ? sites : 0;
    }

    private static boolean isSite(String section) {
        return section.toLowerCase(Locale.ROOT).startsWith("<virtualhost");
    }
}
