package io.rollcall.drain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names as people write them. */
final class Names {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 10;

    private Names() {}

    /** The form in which services are compared: lower case, without the root's dot. */
    static String compared(String service) {
        String name = service.endsWith(".") ? service.substring(0, service.length() - 1) : service;
        return name.toLowerCase(Locale.ROOT);
    }

    /** The host that the data of an agent's znode names; empty if none. */
    static String host(String data) {
        try {
            return JSON.readTree(data).path("host").asText("");
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** Who this process is, for those who read its orders. */
    static String self() {
        String host = Optional.ofNullable(System.getenv("HOSTNAME")).orElseGet(Names::hostName);
        return System.getProperty("user.name", "?") + "@" + host;
    }

    private static String hostName() {
        try {
            return java.net.InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException e) {
            return "?";
        }
    }

    /** What there is, the most similar first, as a part of a message. */
    static String nearest(String wanted, Collection<String> known) {
        if (known.isEmpty()) {
            return "there is none";
        }
        List<String> shown = known.stream()
                .sorted(Comparator.<String>comparingInt(name -> edits(name, wanted))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN)
                .toList();
        String more = known.size() > SHOWN ? " and " + (known.size() - SHOWN) + " more" : "";
        return "there is " + String.join(", ", shown) + more;
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
