package io.rollcall.agent.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every key of the agent's file with its default; {@code conf/agent.properties} explains each. */
enum Setting {
    ZOOKEEPER("zookeeper", "127.0.0.1:2181"),
    ROOT("root", "/rollcall"),
    SESSION_TIMEOUT("session.timeout", "10s"),
    MAPS_DIR("maps.dir", "/var/lib/rollcall/maps"),
    STATE_DIR("state.dir", "/var/lib/rollcall/state"),
    SOCKET("socket", "/run/rollcall/agent.sock"),
    PUBLISH_NAMES("publish.names", ".+\\..+"),
    PUBLISH_EVERY("publish.every", "50ms"),
    ALLOW_NETWORKS("allow.networks", "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7"),
    ALLOW_PORTS("allow.ports", "80, 1024-65535"),
    FORGET_AFTER("forget.after", "7d"),
    RECONCILE_EVERY("reconcile.every", "5m"),
    TOUCH_EVERY("touch.every", "10s"),
    WORKERS_MAX("workers.max", "300"),
    WORKERS_TTL("workers.ttl", "4s"),
    RELOAD_COMMAND("reload.command", "off"),
    RELOAD_EVERY("reload.every", "60s"),
    HTTPD_LOGS("httpd.logs", "off"),
    HTTPD_USER("httpd.user", "any"),
    DRAIN_GRACE("drain.grace", "1s"),
    PROBE_INTERVAL("probe.interval", "1s"),
    PROBE_TIMEOUT("probe.timeout", "1s"),
    PROBE_RISE("probe.rise", "1"),
    PROBE_FALL("probe.fall", "2"),
    PROBE_FIRST("probe.first", "required"),
    PROBE_HTTP("probe.http", "off"),
    EJECT_MAX("eject.max", "50%"),
    EJECT_BASE("eject.base", "1s"),
    EJECT_LONGEST("eject.longest", "30s"),
    EJECT_STATUSES("eject.statuses", "502, 503, 504"),
    SLOW_START("slow.start", "10s"),
    EMBEDDED("embedded.zookeeper", "false"),
    EMBEDDED_PORT("embedded.zookeeper.port", "2181"),
    EMBEDDED_BIND("embedded.zookeeper.bind", "127.0.0.1"),
    EMBEDDED_DIR("embedded.zookeeper.dir", "/var/lib/rollcall/zookeeper");

    final String key;
    final String fallback;

    Setting(String key, String fallback) {
        this.key = key;
        this.fallback = fallback;
    }

    static Optional<Setting> of(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    /** The known key that takes the fewest edits from {@code key}. */
    static String nearest(String key) {
        return Arrays.stream(values())
                .map(setting -> setting.key)
                .min(Comparator.comparingInt(known -> edits(known, key)))
                .orElseThrow();
    }

    static String keys() {
        return Arrays.stream(values()).map(setting -> setting.key).collect(Collectors.joining(", "));
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
