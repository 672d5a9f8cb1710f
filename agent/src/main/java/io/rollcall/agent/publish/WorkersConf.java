package io.rollcall.agent.publish;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.rollcall.agent.table.Table;
import io.rollcall.agent.view.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code workers.conf}: a declared worker per backend lets httpd reuse connections to it. httpd reads it whenever it
 * next reloads; nothing but speed depends on it. Workers take memory and are searched one by one, hence the limit.
 *
 * <p>Of more backends than that the most used are declared. So that the file is not another one all the time, those that are
 * declared stay unless others are used far more, and that is looked at once a minute. Used by one thread.
 */
public final class WorkersConf {
    /** httpd says in the request log which version it has read. */
    private static final String HEADER = """
            # Rollcall: workers with connection reuse. Written by the agent; do not edit. Read at any reload of httpd.
            SetEnv ROLLCALL_WORKERS_READ %s
            """;

    private static final Pattern VERSION = Pattern.compile("SetEnv ROLLCALL_WORKERS_READ (\\S+)");
    private static final Pattern WORKER = Pattern.compile("ProxyPass \"rollcall\" \"http://([^\"]+)\".*");

    private static final long LOOK = 60_000_000_000L;

    /** Others must be used so many times as much as one that is declared, and by so many requests more. */
    private static final int FAR = 2;

    private static final long MORE = 100;

    private final int most;
    private final String parameters;
    private final BiConsumer<String, Set<String>> told;
    private final Supplier<Map<String, Long>> uses;
    private final LongSupplier nanos;
    private final TreeMap<Target, Integer> services = new TreeMap<>(); // how many have it
    private Table<Lines> counted = Table.empty();
    private List<Target> declared = List.of(); // in their order
    private String text = "";
    private long looked;
    private Map<String, Long> used = Map.of(); // until then

    /**
     * Of no backends yet.
     *
     * @param most backends that are declared
     * @param ttl how long httpd keeps a connection that it does not use; in whole seconds
     * @param told is told of each version and its backends, before httpd can read it
     * @param uses how many requests ever went to each backend, of those that had any lately
     */
    public WorkersConf(
            int most,
            Duration ttl,
            BiConsumer<String, Set<String>> told,
            Supplier<Map<String, Long>> uses,
            LongSupplier nanos) {
        this.most = most;
        this.told = told;
        this.uses = uses;
        this.nanos = nanos;
        this.looked = nanos.getAsLong() - LOOK;
        // Without smax=0 only the connection that a request comes across is closed when its time is over.
        this.parameters =
                "\" enablereuse=on connectiontimeout=${ROLLCALL_CONNECT_TIMEOUT} upgrade=websocket smax=0 ttl="
                        + ttl.toSeconds() + "\n";
    }

    /** With the usual time, and nobody to tell. */
    public static WorkersConf upTo(int most) {
        return new WorkersConf(most, Duration.ofSeconds(4), (version, targets) -> {}, Map::of, System::nanoTime);
    }

    /** Goes on with what stands in the file that it is for, if anything does, and tells of it: httpd may have read it. */
    void resume(Path file) {
        String version = "";
        Set<String> targets = new HashSet<>();
        try {
            for (String line : Files.readAllLines(file, ISO_8859_1)) {
                Matcher id = VERSION.matcher(line);
                Matcher worker = WORKER.matcher(line);
                if (id.matches()) {
                    version = id.group(1);
                } else if (worker.matches()) {
                    targets.add(worker.group(1));
                }
            }
        } catch (IOException e) {
            return; // what httpd has read is not known then, which is no fault
        }
        declared = targets.stream()
                .flatMap(target -> Target.parse(target).stream())
                .sorted()
                .toList();
        if (!version.isEmpty()) {
            told.accept(version, targets);
        }
    }

    String of(Table<Lines> lines) {
        Set<String> changed = lines.changedSince(counted);
        for (String name : changed) {
            count(counted.get(name), -1);
            count(lines.get(name), 1);
        }
        counted = lines;
        if (changed.isEmpty() && !text.isEmpty() && services.size() <= most) {
            return text;
        }
        List<Target> now = choice();
        if (text.isEmpty() || !now.equals(declared)) {
            declared = now;
            text = write(now.stream().map(Target::toString).toList());
        }
        return text;
    }

    private List<Target> choice() {
        if (services.size() <= most) {
            return List.copyOf(services.keySet());
        }
        List<Target> here = declared.stream().filter(services::containsKey).toList();
        long now = nanos.getAsLong();
        if (now - looked < LOOK) {
            return here;
        }
        looked = now;
        Map<Target, Long> worth = new HashMap<>();
        Map<String, Long> since = used;
        used = Map.copyOf(uses.get());
        used.forEach((name, times) -> Target.parse(name)
                .filter(services::containsKey)
                .ifPresent(target -> worth.put(target, Math.max(0, times - since.getOrDefault(name, 0L)))));
        here.forEach(target -> worth.put(target, FAR * worth.getOrDefault(target, 0L) + MORE));
        SortedSet<Target> chosen = new TreeSet<>();
        worth.entrySet().stream()
                .sorted(Map.Entry.<Target, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .forEach(entry -> chosen.add(entry.getKey()));
        for (Target target : services.keySet()) {
            if (chosen.size() >= most) {
                break;
            }
            chosen.add(target); // nobody used it
        }
        return List.copyOf(chosen);
    }

    private String write(List<String> targets) {
        CRC32 sum = new CRC32();
        sum.update(String.join(" ", targets).getBytes(ISO_8859_1));
        String version = String.format(Locale.ROOT, "%08x", sum.getValue());
        told.accept(version, Set.copyOf(targets));
        StringBuilder whole = new StringBuilder(HEADER.formatted(version));
        for (String target : targets) {
            // No request has this path, so it makes a worker and routes nothing. A <Proxy> section each would be
            // searched as well.
            whole.append("ProxyPass \"rollcall\" \"http://").append(target).append(parameters);
        }
        return whole.toString();
    }

    private void count(@Nullable Lines lines, int by) {
        if (lines == null) {
            return;
        }
        for (Target target : lines.targets()) {
            int now = services.getOrDefault(target, 0) + by;
            if (now == 0) {
                services.remove(target);
            } else {
                services.put(target, now);
            }
        }
    }
}
