package io.rollcall.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody whose rights are judged from the mode bits (access control lists are not).
 *
 * @param groups ids of all groups
 */
record User(String name, int id, Set<Integer> groups) {
    /** Rights as in the mode bits; the last is to pass through a directory or to execute a file. */
    static final int READ = 4;

    static final int PASS = 1;

    User {
        groups = Set.copyOf(groups);
    }

    /** Looks a name up in the system's accounts. */
    static Optional<User> named(String name) throws IOException {
        return asked(name, List.of(name));
    }

    static User current() throws IOException {
        String name = System.getProperty("user.name");
        return asked(name, List.of()).orElseThrow(() -> new IOException("id: does not know who we are"));
    }

    private static Optional<User> asked(String name, List<String> who) throws IOException {
        Program.Said id = Program.run(command("-u", who));
        Program.Said groups = Program.run(command("-G", who));
        if (id.exit() != 0 || groups.exit() != 0) {
            return Optional.empty();
        }
        Set<Integer> ids = new LinkedHashSet<>();
        for (String group : groups.out().strip().split(" ", -1)) {
            ids.add(Integer.parseInt(group));
        }
        return Optional.of(new User(name, Integer.parseInt(id.out().strip()), ids));
    }

    private static List<String> command(String option, List<String> who) {
        return who.isEmpty() ? List.of("id", option) : List.of("id", option, who.get(0));
    }

    /** What keeps this user from a file that exists, from the root of the path on; empty if nothing does. */
    Optional<String> obstacle(int right, Path file) throws IOException {
        Set<Path> way = new LinkedHashSet<>();
        for (Path form : List.of(file.toAbsolutePath(), file.toRealPath())) {
            for (int i = 0; i < form.getNameCount(); i++) {
                way.add(i == 0 ? form.getRoot() : form.getRoot().resolve(form.subpath(0, i)));
            }
        }
        for (Path directory : way) {
            if (!may(PASS, directory)) {
                return Optional.of(described(directory));
            }
        }
        return may(right, file) ? Optional.empty() : Optional.of(described(file));
    }

    private boolean may(int what, Path path) throws IOException {
        int shift = attribute(path, "uid") == id ? 6 : groups.contains(attribute(path, "gid")) ? 3 : 0;
        return id == 0 || (attribute(path, "mode") >> shift & what) != 0;
    }

    private static String described(Path path) throws IOException {
        return String.format(
                "%s has mode %04o, owner %s, group %s",
                path,
                attribute(path, "mode") & 07777,
                Files.getOwner(path).getName(),
                Files.getAttribute(path, "posix:group"));
    }

    private static int attribute(Path path, String name) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:" + name);
    }
}
