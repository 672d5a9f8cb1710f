package io.rollcall.agent.doctor;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one httpd says of itself and its configuration.
 *
 * @param version such as 2.4.71
 * @param modules loaded, such as {@code rewrite_module}, in that order
 * @param includes every file that it read
 * @param directives the whole configuration; empty if mod_info, which prints it, could not be loaded
 * @param mutexes mechanism by name of the mutex, such as {@code rewrite-map} to {@code posixsem}; {@code default} is resolved
 * @param defines what {@code Define} set
 * @param user whom its children run as, unless it is started by somebody else than root
 * @param pidFile where its process id is while it runs
 */
record Facts(
        Path configuration,
        String version,
        Set<String> modules,
        Set<String> includes,
        Optional<List<Directive>> directives,
        Map<String, String> mutexes,
        Map<String, String> defines,
        Optional<String> user,
        Optional<Path> pidFile) {
    Facts {
        modules = Collections.unmodifiableSet(new LinkedHashSet<>(modules));
        includes = Set.copyOf(includes);
        directives = directives.map(List::copyOf);
        mutexes = Map.copyOf(mutexes);
        defines = Map.copyOf(defines);
    }

    List<Directive> all(String name) {
        return directives.orElse(List.of()).stream().filter(d -> d.is(name)).toList();
    }
}
