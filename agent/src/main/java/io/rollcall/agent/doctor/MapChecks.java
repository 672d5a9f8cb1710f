package io.rollcall.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether httpd can read the maps, as the same files that the agent publishes, and whether the agent still does. */
final class MapChecks {
    private static final List<String> FILES =
            List.of("backends.map", "dice.map", "successors.map", "names.dir", "names.pag");

    /** Many times the interval at which the agent touches an unchanged map, unless that was set long. */
    private static final Duration OLDEST = Duration.ofMinutes(3);

    private final Path maps;
    private final Optional<User> user;
    private final Surroundings surroundings;

    /** @param user whom httpd's children run as, if that is known */
    MapChecks(Path maps, Optional<User> user, Surroundings surroundings) {
        this.maps = maps.toAbsolutePath();
        this.user = user;
        this.surroundings = surroundings;
    }

    List<Finding> all() throws IOException {
        List<String> missing =
                FILES.stream().filter(name -> !Files.exists(maps.resolve(name))).toList();
        if (!missing.isEmpty()) {
            return List.of(Finding.fail(
                    "maps",
                    maps + " lacks " + String.join(", ", missing)
                            + (Files.isDirectory(maps) ? "" : " (no such directory)"),
                    "httpd does not start without them",
                    "start the agent, with maps.dir=" + maps));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(readable());
        findings.add(reachedThroughDirectory());
        findings.add(temporary());
        surroundings.running().ifPresent(pid -> findings.add(sameForHttpd(pid)));
        findings.add(age());
        return findings;
    }

    private Finding readable() throws IOException {
        if (user.isEmpty()) {
            return Finding.warn(
                    "readable", "not checked", "it is not known whom httpd runs as", "name the user with --user");
        }
        for (String name : FILES) {
            Optional<String> obstacle = user.get().obstacle(User.READ, maps.resolve(name));
            if (obstacle.isPresent()) {
                return Finding.fail(
                        "readable",
                        user.get().name() + " cannot read " + maps.resolve(name) + ": " + obstacle.get(),
                        "httpd looks backends up as that user, and would find none",
                        "chmod a+x every directory of the path, a+r the files (the agent publishes them 0644)");
            }
        }
        return Finding.ok("readable", maps + ", by " + user.get().name());
    }

    private Finding reachedThroughDirectory() throws IOException {
        for (String name : FILES) {
            Path file = maps.resolve(name).toRealPath();
            if (surroundings.mountPoints().contains(file)) {
                return Finding.fail(
                        "mount",
                        file + " is mounted by itself",
                        "the agent replaces its files by rename; a mount of one file shows the first one for ever",
                        "mount the directory instead");
            }
        }
        return Finding.ok("mount", "reached through the directory");
    }

    private Finding temporary() throws IOException {
        Path real = maps.toRealPath();
        if (!real.startsWith("/tmp") && !real.startsWith("/var/tmp")) {
            return Finding.ok("tmp", "not in a directory for temporary files");
        }
        Optional<Path> unit = surroundings.privateTmp();
        if (unit.isPresent() && surroundings.running().isEmpty()) {
            return Finding.fail(
                    "tmp",
                    real + " is not what httpd sees: " + unit.get() + " says PrivateTmp",
                    "systemd gives that service a /tmp of its own",
                    "publish elsewhere: maps.dir=/var/lib/rollcall/maps");
        }
        return Finding.warn(
                "tmp",
                real + " is a place for temporary files",
                "it may be cleaned, and services often have one of their own (PrivateTmp)",
                "publish elsewhere: maps.dir=/var/lib/rollcall/maps");
    }

    /** Containers, private mounts, chroots: what counts is what the running process sees. */
    private Finding sameForHttpd(long pid) {
        for (String name : FILES) {
            Path file = maps.resolve(name);
            if (!surroundings.seesTheSame(pid, file)) {
                return Finding.fail(
                        "seen",
                        "the running httpd (process " + pid + ") sees another " + file + " than this command, or none",
                        "it lives in a file system of its own (a container, PrivateTmp, a chroot)",
                        "give it the agent's directory as a mount of that directory");
            }
        }
        return Finding.ok("seen", "the running httpd (process " + pid + ") sees the same files");
    }

    private Finding age() throws IOException {
        Instant published =
                Files.getLastModifiedTime(maps.resolve("backends.map")).toInstant();
        Duration age = Duration.between(published, surroundings.now());
        return age.compareTo(OLDEST) <= 0
                ? Finding.ok("age", "published " + Math.max(0, age.toSeconds()) + " s ago")
                : Finding.fail(
                        "age",
                        maps.resolve("backends.map") + " was last touched at "
                                + published.truncatedTo(ChronoUnit.SECONDS) + ", "
                                + (age.toMinutes() < 120 ? age.toMinutes() + " minutes" : age.toHours() + " hours")
                                + " ago",
                        "the agent does so every few seconds: it is stopped, or publishes elsewhere, and httpd routes from what"
                                + " was true then",
                        "rollcall status; start the agent, or correct its maps.dir");
    }
}
