package io.rollcall.apache;

import java.nio.file.Path;

/** The ways of looking up, which must not differ in anything else. */
enum Way {
    TEXT("Rollcall", "RollcallService"),
    HASHED("Rollcall", "RollcallService"),
    RESOLVER("RollcallResolver", "RollcallResolverService");

    private final String byHost;
    private final String byName;

    Way(String byHost, String byName) {
        this.byHost = byHost;
        this.byName = byName;
    }

    String use() {
        return "Use " + byHost + "\n";
    }

    String use(String service) {
        return "Use " + byName + " " + service + "\n";
    }

    /** An httpd that looks up in this way. */
    HttpdBuilder httpd(Path directory, Path maps) {
        HttpdBuilder builder = Httpd.in(directory).maps(maps);
        return this != RESOLVER ? builder : builder.resolver(ResolverProgram.command() + " --maps " + maps);
    }

    HttpdBuilder httpd(Path directory, TestMaps maps) {
        return httpd(directory, maps.directory());
    }
}
