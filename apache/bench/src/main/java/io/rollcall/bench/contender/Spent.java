package io.rollcall.bench.contender;

import java.util.regex.Pattern;

/** What httpd spends the instructions of a request on: each is in one of these. */
public enum Spent {
    READING("reading the request"),
    PATTERNS("patterns"),
    MAPS("maps"),
    RULES("rules, the rest"),
    SECTIONS("sections, fixups"),
    WORKER("finding the worker"),
    PROXYING("proxying"),
    LOG("access log"),
    REST("all else");

    private static final String RULES_ARE_OF = "mod_rewrite";
    private static final Pattern COMPARES = Pattern.compile("ap_regexec");
    private static final Pattern LOOKS_UP =
            Pattern.compile("apr_(stat|hash|dbm|file|mmap|thread_mutex|global_mutex)(_.*)?");

    private final String word;

    Spent(String word) {
        this.word = word;
    }

    long of(Callgrind run) {
        return switch (this) {
            case READING -> run.of("ap_read_request");
            case PATTERNS -> run.from(RULES_ARE_OF, COMPARES);
            case MAPS -> run.from(RULES_ARE_OF, LOOKS_UP);
            case RULES -> run.of("ap_run_translate_name") - PATTERNS.of(run) - MAPS.of(run);
            case SECTIONS -> run.of("ap_process_request_internal") - run.of("ap_run_translate_name");
            case WORKER -> run.of("ap_proxy_get_worker_ex");
            case PROXYING -> run.of("ap_invoke_handler") - WORKER.of(run);
            case LOG -> run.of("ap_run_log_transaction");
            case REST ->
                run.total()
                        - READING.of(run)
                        - run.of("ap_process_request_internal")
                        - run.of("ap_invoke_handler")
                        - LOG.of(run);
        };
    }

    /** Whether the functions can be seen in this httpd. */
    static boolean told(Callgrind run) {
        return READING.of(run) > 0 && SECTIONS.of(run) > 0 && PROXYING.of(run) > 0 && LOG.of(run) > 0;
    }

    /** As the report calls it. */
    @Override
    public String toString() {
        return word;
    }
}
