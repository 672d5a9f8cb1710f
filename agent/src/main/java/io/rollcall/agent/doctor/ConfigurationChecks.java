package io.rollcall.agent.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the configuration uses Rollcall as it is meant to be used. */
final class ConfigurationChecks {
    /** What {@code rollcall.conf} needs, without the {@code _module}. */
    private static final List<String> MODULES =
            List.of("rewrite", "macro", "headers", "env", "proxy", "proxy_http", "version");

    private static final String OWN_MACRO = "macro 'rollcall";
    private static final String OWN_FILE = "/rollcall.conf";

    private ConfigurationChecks() {}

    static List<Finding> of(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        findings.add(modules(facts));
        order(facts).ifPresent(findings::add);
        findings.add(include(facts));
        if (facts.directives().isEmpty()) {
            findings.add(Finding.warn(
                    "configuration",
                    "not read in full: mod_info.so is not installed",
                    "it has httpd print its configuration, for this check alone; without it error documents, inherited rules"
                            + " and the resolver are not checked",
                    "install httpd's standard modules; mod_info need not be loaded"));
            return findings;
        }
        Set<Integer> routed = routed(facts);
        findings.add(
                routed.isEmpty() ? notUsed() : Finding.ok("use", "virtual hosts routed by Rollcall: " + routed.size()));
        findings.addAll(errorDocuments(facts, routed));
        findings.addAll(inherited(facts));
        return findings;
    }

    private static Finding modules(Facts facts) {
        List<String> missing = MODULES.stream()
                .filter(name -> !facts.modules().contains(name + "_module"))
                .toList();
        return missing.isEmpty()
                ? Finding.ok("modules", "all loaded: " + String.join(" ", MODULES))
                : Finding.fail(
                        "modules",
                        "not loaded: " + String.join(" ", missing),
                        "rollcall.conf is made of their directives",
                        "Debian: a2enmod " + String.join(" ", missing) + "; elsewhere a LoadModule line for each");
    }

    /** Both act at the same stage of a request, in the order in which they are loaded. */
    private static Optional<Finding> order(Facts facts) {
        List<String> loaded = List.copyOf(facts.modules());
        int env = loaded.indexOf("env_module");
        return env >= 0 && env < loaded.indexOf("alias_module")
                ? Optional.of(Finding.warn(
                        "order",
                        "mod_env is loaded before mod_alias",
                        "a Redirect 503 in a <Location> of a routed virtual host is taken for a backend that refused: the request is"
                                + " sent to the next one",
                        "put the LoadModule line of mod_alias first"))
                : Optional.empty();
    }

    private static Finding include(Facts facts) {
        List<Directive> maps = facts.all("RewriteMap").stream()
                .filter(map -> map.arguments().startsWith("rollcall-backends "))
                .toList();
        boolean included = facts.directives().isPresent()
                ? !maps.isEmpty()
                : facts.includes().stream().anyMatch(file -> file.endsWith(OWN_FILE));
        if (!included) {
            return Finding.fail(
                    "include",
                    "rollcall.conf is not included",
                    "without it no request goes to a registered backend",
                    "Include <distribution>/apache/rollcall.conf, in the main server");
        }
        return maps.stream()
                .filter(map -> !map.inMainServer())
                .findFirst()
                .map(map -> Finding.fail(
                        "include",
                        "rollcall.conf is included inside a virtual host, at " + map.place(),
                        "each virtual host would have caches and a resolver of its own",
                        "include it once, outside any <VirtualHost>"))
                .orElseGet(() -> Finding.ok("include", "rollcall.conf is included in the main server"));
    }

    private static Finding notUsed() {
        return Finding.warn(
                "use",
                "no virtual host is routed by Rollcall",
                "the maps are read by nobody",
                "put a line `Use Rollcall` into each <VirtualHost> that Rollcall is to route");
    }

    private static Set<Integer> routed(Facts facts) {
        return facts.directives().orElse(List.of()).stream()
                .filter(directive -> directive.source().startsWith(OWN_MACRO))
                .map(Directive::site)
                .collect(Collectors.toSet());
    }

    /** A host's own document beside Rollcall's {@code <Proxy>} section is no conflict; one in a section that httpd merges later is. */
    private static List<Finding> errorDocuments(Facts facts, Set<Integer> routed) {
        List<Finding> findings = new ArrayList<>();
        for (Directive document : facts.all("ErrorDocument")) {
            String section = document.sections().isEmpty()
                    ? ""
                    : document.sections().get(document.sections().size() - 1);
            if (document.arguments().matches("503\\s.*")
                    && section.matches("(?i)<(location|locationmatch|files|filesmatch|if|elseif|else)\\b.*")
                    && !document.source().startsWith(OWN_MACRO)
                    && (document.inMainServer() || routed.contains(document.site()))) {
                findings.add(Finding.warn(
                        "errordocument",
                        "ErrorDocument 503 in " + section + " at " + document.place(),
                        "it takes the place of Rollcall's own there: a refused connection is answered with that document"
                                + " instead of a second try at another backend",
                        "move it out of the section, into the <VirtualHost> itself; Rollcall leaves it alone there"));
            }
        }
        return findings.isEmpty() ? List.of(Finding.ok("errordocument", "no conflict with the second try")) : findings;
    }

    private static List<Finding> inherited(Facts facts) {
        List<String> places = facts.all("RewriteRule").stream()
                .filter(rule -> rule.inMainServer() && rule.isServerWide() && !rule.isFromMacro())
                .map(Directive::place)
                .toList();
        return List.of(
                places.isEmpty()
                        ? Finding.ok("inherited", "no rewrite rules of the main server apply in routed virtual hosts")
                        : Finding.warn(
                                "inherited",
                                "RewriteRule in the main server at " + String.join(", ", places),
                                "a routed virtual host inherits the main server's maps, and with them these rules: they run"
                                        + " before Rollcall's",
                                "move them into the virtual hosts they are meant for, if they are not meant for all"));
    }
}
