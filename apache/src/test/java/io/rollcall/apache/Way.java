package io.rollcall.apache;

import java.nio.file.Files;
import java.nio.file.Path;

/** The ways of looking up, which must not differ in anything else. */
enum Way {
    TEXT("Rollcall", "RollcallService"),
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
        return this == TEXT ? builder : builder.resolver(program() + " --maps " + maps);
    }

    HttpdBuilder httpd(Path directory, TestMaps maps) {
        return httpd(directory, maps.directory());
    }

    /** The resolver: of the distribution if it was built, else from the classes. */
    static String program() {
        Path agent = Path.of("..", "agent", "target").toAbsolutePath().normalize();
        Path distribution = agent.resolve("rollcall/bin/rollcall");
        return Files.isExecutable(distribution) && Files.isDirectory(agent.resolve("rollcall/lib"))
                ? distribution + " resolve"
                : Path.of(System.getProperty("java.home"), "bin", "java")
                        + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp " + agent.resolve("classes")
                        + " io.rollcall.agent.resolve.Resolve";
    }
}
