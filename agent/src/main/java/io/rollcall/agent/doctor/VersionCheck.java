package io.rollcall.agent.doctor;

import java.util.Arrays;

/** Whether this version of httpd can be used. */
final class VersionCheck {
    private static final String CHECK = "version";

    private VersionCheck() {}

    /** @param version three numbers with dots, such as 2.4.71 */
    static Finding of(String version) {
        if (version.equals("2.4.64")) {
            return Finding.fail(
                    CHECK,
                    "httpd " + version,
                    "every RewriteCond expr is true in it (CVE-2025-54090), so rules guard nothing",
                    "install 2.4.69 or newer");
        }
        if (isBefore(version, 2, 4, 63)) {
            return Finding.fail(
                    CHECK,
                    "httpd " + version,
                    "before 2.4.63 a backend that httpd has not declared has no connect timeout of its own: one that does not"
                            + " answer holds each of its requests for the whole Timeout",
                    "install 2.4.69 or newer");
        }
        if (isBefore(version, 2, 4, 69)) {
            return Finding.warn(
                    CHECK,
                    "httpd " + version,
                    "versions before 2.4.69 have known security holes in what Rollcall uses",
                    "install 2.4.69 or newer");
        }
        return Finding.ok(CHECK, "httpd " + version);
    }

    private static boolean isBefore(String version, int... other) {
        int[] own = Arrays.stream(version.split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        return Arrays.compare(own, other) < 0;
    }
}
