package io.rollcall.agent.publish;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** Reads the files with Perl's SDBM_File, which is older than httpd's code and the same format. */
final class PerlReader {
    private static final String LOOK_UP = """
            use SDBM_File; use Fcntl;
            tie(my %map, "SDBM_File", $ARGV[0], O_RDONLY, 0644) or die "cannot read $ARGV[0]: $!";
            while (<STDIN>) { chomp; print "$_ $map{$_}\\n" if exists $map{$_}; }
            """;

    private static final String ALL = """
            use SDBM_File; use Fcntl;
            tie(my %map, "SDBM_File", $ARGV[0], O_RDONLY, 0644) or die "cannot read $ARGV[0]: $!";
            while (my ($key, $value) = each %map) { print "$key $value\\n"; }
            """;

    private PerlReader() {}

    /** Those of the keys that are there, with their values. */
    static Map<String, String> lookUp(Path map, Collection<String> keys) throws IOException {
        return run(LOOK_UP, map, String.join("\n", keys) + "\n");
    }

    /** Everything, page by page. */
    static Map<String, String> all(Path map) throws IOException {
        return run(ALL, map, "");
    }

    private static Map<String, String> run(String program, Path map, String input) throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "needs perl with SDBM_File");
        Path output = Files.createTempFile("perl", ".out");
        Process perl = new ProcessBuilder("/usr/bin/perl", "-e", program, map.toString())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = perl.getOutputStream()) {
            in.write(input.getBytes(ISO_8859_1));
        }
        try {
            if (perl.waitFor() != 0) {
                throw new IOException("perl: exit status " + perl.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        Map<String, String> found = new TreeMap<>();
        for (String line : Files.readAllLines(output, ISO_8859_1)) {
            int space = line.indexOf(' ');
            found.put(line.substring(0, space), line.substring(space + 1));
        }
        Files.delete(output);
        return found;
    }
}
