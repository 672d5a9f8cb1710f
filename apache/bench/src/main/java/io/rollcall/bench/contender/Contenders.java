package io.rollcall.bench.contender;

import java.util.List;
import java.util.Optional;

/** All contenders, in the order of the report. The first is the reference. */
public final class Contenders {
    private static final int ANY = Integer.MAX_VALUE;
    private static final List<String> HTTPD = List.of("apache2");

    /** Its figures are 1 in every ratio. */
    public static final String REFERENCE = "static";

    /** What can be reached at all with a map and a rule. */
    public static final String RULE_ONLY = "rule-only";

    public static final List<Contender> ALL = List.of(
            new Contender(
                    REFERENCE,
                    "static `ProxyPass` (reference)",
                    "Does not look at the name and cannot follow a change: what a request costs that needs no routing.",
                    HTTPD,
                    ANY,
                    Httpds::fixed),
            new Contender(
                    "static-balancer",
                    "static `balancer://`",
                    "Three backends. Does not look at the name and cannot follow a change.",
                    HTTPD,
                    ANY,
                    Httpds::fixed),
            new Contender(
                    RULE_ONLY,
                    "one `RewriteMap`, one rule",
                    "The ceiling of every `RewriteMap` in a file: one rule that checks nothing. One backend declared.",
                    HTTPD,
                    Setup.FEW,
                    Httpds::rule),
            new Contender(
                    "rollcall-maps",
                    "Rollcall, maps, declared workers",
                    "The agent's choice: the text alone at 1 name, the hashed map from some 400 names. All backends were known when httpd was last"
                            + " reloaded.",
                    HTTPD,
                    ANY,
                    Httpds::rollcall),
            new Contender(
                    "rollcall-maps-generic",
                    "Rollcall, maps, generic worker",
                    "No backend was known when httpd was last reloaded: a connection to the backend for each request.",
                    HTTPD,
                    ANY,
                    Httpds::rollcall),
            new Contender(
                    "rollcall-hashed",
                    "Rollcall, hashed map, declared workers",
                    "1 name of 610, so that it stands in the hashed map. With more names `rollcall-maps` is the same.",
                    HTTPD,
                    Setup.FEW,
                    Httpds::rollcall),
            new Contender(
                    "rollcall-hashed-generic",
                    "Rollcall, hashed map, generic worker",
                    "As above, with a connection to the backend for each request.",
                    HTTPD,
                    Setup.FEW,
                    Httpds::rollcall),
            new Contender(
                    "rollcall-resolver",
                    "Rollcall, resolver, declared workers",
                    "One lookup at a time through the pipe of `prg:`.",
                    HTTPD,
                    ANY,
                    Httpds::rollcall),
            new Contender(
                    "rollcall-resolver-generic",
                    "Rollcall, resolver, generic worker",
                    "As above, with a connection to the backend for each request.",
                    HTTPD,
                    ANY,
                    Httpds::rollcall),
            new Contender(
                    "prg-constant",
                    "`prg:` C program, constant answer",
                    "The ceiling of `prg:`: knows no name and follows nothing. One backend.",
                    List.of("apache2", "gcc"),
                    Setup.FEW,
                    Httpds::constant),
            new Contender(
                    "prg-perl",
                    "`prg:` Perl script",
                    "The file is written and read anew as a whole at each change. Declared workers.",
                    List.of("apache2", "perl"),
                    ANY,
                    Httpds::perl),
            new Contender(
                    "dbd-sqlite",
                    "`dbd:` sqlite",
                    "Declared workers. A change is one statement.",
                    List.of("apache2", "sqlite3", "apr_dbd_sqlite3.so"),
                    ANY,
                    Httpds::sqlite),
            new Contender(
                    "graceful",
                    "virtual hosts rewritten, `graceful`",
                    "Finds a virtual host by comparing names one after the other. One restart at a time; changes that come"
                            + " meanwhile wait for the next.",
                    HTTPD,
                    10_000,
                    Httpds::graceful),
            new Contender(
                    "express",
                    "mod_proxy_express (sdbm)",
                    "Declared workers. One backend a name; a change is written by httxt2dbm in place. A name cannot be taken"
                            + " out: it is pointed at a closed port.",
                    List.of("apache2", "httxt2dbm"),
                    ANY,
                    Httpds::express),
            new Contender(
                    "haproxy",
                    "HAProxy, runtime API",
                    "Another server in httpd's place, with less to do: no modules, no access rules. Logs to a file.",
                    List.of("haproxy"),
                    ANY,
                    Others::haproxy),
            new Contender(
                    "nginx",
                    "nginx, map and reload",
                    "Another server in httpd's place. All backends were known when it was last reloaded. One reload at a time;"
                            + " changes that come meanwhile wait for the next.",
                    List.of("nginx"),
                    ANY,
                    Others::nginx),
            new Contender(
                    "varnish",
                    "Varnish (pass), VCL loaded anew",
                    "Another server in httpd's place. Writes no access log. Compares names one after the other, and each change"
                            + " compiles them all.",
                    List.of("varnishd", "varnishadm"),
                    1_000,
                    Others::varnish));

    private Contenders() {}

    public static Optional<Contender> named(String name) {
        return ALL.stream().filter(contender -> contender.name().equals(name)).findFirst();
    }
}
