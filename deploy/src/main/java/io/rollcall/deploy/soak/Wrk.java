package io.rollcall.deploy.soak;

import io.rollcall.apache.LoadClient;
import io.rollcall.apache.LoadReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much load as httpd takes: by Debian's wrk if it is installed, else by our own client, which costs more beside what it measures. */
final class Wrk {
    static final int CONNECTIONS = 32;
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Path PROGRAM = Path.of("/usr/bin/wrk");

    private Wrk() {}

    static String client() {
        return Files.isExecutable(PROGRAM) ? "wrk" : "our own client (wrk is not installed)";
    }

    /** Requests a second; it throws if any is not answered 200. */
    static double load(int port, String host, Duration time) throws IOException, InterruptedException {
        return Files.isExecutable(PROGRAM) ? wrk(port, host, time) : own(port, host, time);
    }

    private static double wrk(int port, String host, Duration time) throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder(
                        PROGRAM.toString(),
                        "-t1",
                        "-c" + CONNECTIONS,
                        "-d" + time.toSeconds() + "s",
                        "-H",
                        "Host: " + host,
                        "http://127.0.0.1:" + port + "/cart?item=1")
                .redirectErrorStream(true)
                .start();
        String words = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher rate = RATE.matcher(words);
        Matcher errors = ERRORS.matcher(words);
        boolean well = !words.contains("Non-2xx") && (!errors.find() || httpdClosedAFew(errors));
        if (wrk.waitFor() != 0 || !rate.find() || !well) {
            throw new IOException("wrk: not every request was answered well\n" + words);
        }
        return Double.parseDouble(rate.group(1));
    }

    /** Httpd, when it ends a child that it does not need, closes its kept-alive connections, and wrk does not ask again. */
    private static boolean httpdClosedAFew(Matcher errors) {
        return errors.group(1).equals("0")
                && Integer.parseInt(errors.group(2)) <= CONNECTIONS
                && errors.group(3).equals("0")
                && errors.group(4).equals("0");
    }

    private static double own(int port, String host, Duration time) throws IOException, InterruptedException {
        try (LoadClient client =
                LoadClient.closedLoop(port, CONNECTIONS, List.of(LoadClient.Ask.of("GET", host, "/cart?item=1")))) {
            Thread.sleep(time.toMillis());
            LoadReport load = client.stop();
            if (load.failed() > 0) {
                throw new IOException("not every request was answered well: " + load);
            }
            return load.rate();
        }
    }
}
