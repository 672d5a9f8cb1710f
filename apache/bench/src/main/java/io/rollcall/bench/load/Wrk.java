package io.rollcall.bench.load;

import io.rollcall.bench.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much load as a server takes, by wrk. Every answer is looked at: its status, and whether the name may be answered from there. */
public final class Wrk {
    public static final int CONNECTIONS = 32;

    private static final Pattern RESULT =
            Pattern.compile("BENCH requests=(\\d+) micros=(\\d+) failed=(\\d+) cut=(\\d+) wrong=(\\d+) (.*)");

    /**
     * What came of it.
     *
     * @param answered requests, well or not
     * @param perSecond good answers a second
     * @param failed requests without an answer, or with another status than 200
     * @param cut kept-alive connections that the server ended under a request; wrk does not ask again, as browsers do
     * @param wrong answers from a backend that does not have the name
     * @param reasons what failed, with how often
     */
    public record Result(long answered, double perSecond, long failed, long cut, long wrong, String reasons) {
        public long lost() {
            return failed + wrong + cut;
        }
    }

    /** Beyond the time of the load; a busy machine may take some. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path names;
    private final Path strangers;

    /** Writes its scripts into this directory. */
    public Wrk(Path directory) throws IOException {
        names = Files.writeString(directory.resolve("names.lua"), NAMES);
        strangers = Files.writeString(directory.resolve("strangers.lua"), STRANGERS);
    }

    /**
     * Loads a server.
     *
     * @param asked how many names are asked, at random
     * @param addresses of all backends, in the order of {@link io.rollcall.bench.Names}
     * @param anywhere whether any of the addresses may answer any name: the server does not look at names
     */
    public Result load(int port, int asked, List<String> addresses, boolean anywhere, Duration time)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(Integer.toString(asked), Boolean.toString(anywhere)));
        words.addAll(addresses);
        Matcher result = run(names, port, words, time);
        long failed = Long.parseLong(result.group(3));
        long cut = Long.parseLong(result.group(4));
        long wrong = Long.parseLong(result.group(5));
        long answered = Long.parseLong(result.group(1));
        long good = Math.max(0, answered - failed - wrong);
        return new Result(answered, good * 1e6 / Long.parseLong(result.group(2)), failed, cut, wrong, result.group(6));
    }

    /**
     * Asks for names that nobody has, never the same twice, as fast as it can; so many, if they are answered in that time, which it
     * always takes. Tells how many; any other answer than 404 is an error.
     */
    public long strangers(int port, int names, Duration time) throws IOException, InterruptedException {
        List<String> words = List.of(Long.toString(System.nanoTime()), Integer.toString(names));
        Matcher result = run(strangers, port, words, time);
        if (!result.group(3).equals("0") || !result.group(5).equals("0")) {
            throw new IOException("not all were refused: " + result.group());
        }
        return Long.parseLong(result.group(1));
    }

    private Matcher run(Path script, int port, List<String> words, Duration time)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "wrk",
                "-t1",
                "-c" + CONNECTIONS,
                "-d" + Math.max(1, time.toSeconds()) + "s",
                "--timeout",
                "10s",
                "-s",
                script.toString(),
                "http://127.0.0.1:" + port + "/",
                "--"));
        command.addAll(words);
        Process wrk = Processes.bounded(
                new ProcessBuilder(command).redirectErrorStream(true).start(), time.plus(PATIENCE));
        String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher result = RESULT.matcher(said);
        if (wrk.waitFor() != 0 || !result.find()) {
            throw new IOException("wrk:\n" + said);
        }
        return result;
    }

    private static final String NAMES = """
            local threads = {}

            function setup(thread)
                table.insert(threads, thread)
            end

            function init(args)
                names, anywhere = tonumber(args[1]), args[2] == "true"
                addresses, place = {}, {}
                for i = 3, #args do
                    addresses[i - 3] = args[i]
                    place[args[i]] = i - 3
                end
                count = #args - 2
                wrong, bad, statuses = 0, 0, ""
                math.randomseed(os.time())
            end

            function request()
                return string.format("GET /item?n=1 HTTP/1.1\\r\\nHost: n%06d.bench.test\\r\\n\\r\\n", math.random(0, names - 1))
            end

            function response(status, headers)
                if status ~= 200 then
                    bad = bad + 1
                    if bad <= 9 then
                        statuses = statuses .. status .. " for " .. (headers["X-Service"] or "?") .. ", "
                    end
                    return
                end
                local at = place[headers["X-Backend"] or headers["x-backend"] or ""]
                local number = tonumber(string.sub(headers["X-Service"] or headers["x-service"] or "", 2, 7))
                if not at or not number or not (anywhere or at == number % count
                        or at == (number + math.floor(count / 2)) % count) then
                    wrong = wrong + 1
                end
            end

            function done(summary)
                local wrong, bad, statuses = 0, 0, ""
                for _, thread in ipairs(threads) do
                    wrong = wrong + thread:get("wrong")
                    bad = bad + thread:get("bad")
                    statuses = statuses .. thread:get("statuses")
                end
                local e = summary.errors
                print(string.format("BENCH requests=%d micros=%d failed=%d cut=%d wrong=%d %s%d not connected, %d not written, %d without answer",
                    summary.requests, summary.duration, bad + e.connect + e.write + e.timeout, e.read, wrong,
                    statuses, e.connect, e.write, e.timeout))
            end
            """;

    private static final String STRANGERS = """
            local threads = {}

            function setup(thread)
                table.insert(threads, thread)
            end

            function init(args)
                first, most, asked, answered, wrong = args[1], tonumber(args[2]), 0, 0, 0
            end

            function request()
                asked = asked + 1
                return "GET / HTTP/1.1\\r\\nHost: x" .. asked .. "-" .. first .. ".bench.test\\r\\n\\r\\n"
            end

            function response(status)
                if status ~= 404 then
                    wrong = wrong + 1
                end
                answered = answered + 1
                if answered >= most then
                    wrk.thread:stop()
                end
            end

            function done(summary)
                local wrong = 0
                for _, thread in ipairs(threads) do
                    wrong = wrong + thread:get("wrong")
                end
                local e = summary.errors
                print(string.format("BENCH requests=%d micros=%d failed=%d cut=%d wrong=%d -",
                    summary.requests, summary.duration, e.connect + e.write + e.timeout, e.read, wrong))
            end
            """;
}
