package io.rollcall.agent.resolve;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** {@code rollcall resolve}: answers httpd's {@code prg:} lookups on standard input until it ends. */
public final class Resolve {
    private static final String USAGE = """
            Usage: rollcall resolve [--maps DIR]
            Answers httpd's prg: lookups, one line each, from DIR/backends.map.
                  --maps DIR   what the agent publishes (default: /var/lib/rollcall/maps)""";

    private Resolve() {}

    public static void main(String[] args) {
        Runtime.getRuntime().halt(run(args));
    }

    /** Returns the exit code: 0 at the end of input, 1 if httpd no longer reads, 2 for wrong usage. */
    public static int run(String... args) {
        Path maps = Path.of("/var/lib/rollcall/maps");
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--help") || args[i].equals("-h")) {
                System.out.println(USAGE);
                return 0;
            } else if (args[i].equals("--maps") && i + 1 < args.length) {
                maps = Path.of(args[++i]);
            } else {
                System.err.println("rollcall resolve: unknown argument '" + args[i] + "'\n" + USAGE);
                return 2;
            }
        }
        // What anything else prints must not end up among the replies.
        System.setOut(System.err);
        MapWatch watch = new MapWatch(maps, System.err, new Random());
        try (watch) {
            watch.refresh();
            watch.start();
            new Conversation(watch)
                    .run(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
            return 0;
        } catch (IOException e) {
            System.err.println("rollcall resolve: " + e.getMessage() + "; httpd no longer listens");
            return 1;
        }
    }
}
