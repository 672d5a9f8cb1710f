package io.rollcall.bench;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The names that are asked for, and where each is: at one of two addresses, between which it moves when something changes.
 *
 * @param count how many names there are
 * @param addresses of all backends, at least three
 */
public record Names(int count, List<String> addresses) {
    /** So many backends there are at most; all of them can be declared to httpd. */
    public static final int MOST_BACKENDS = 100;

    private static final String SUFFIX = ".bench.test";

    public Names {
        addresses = List.copyOf(addresses);
    }

    public String name(int number) {
        return "n%06d%s".formatted(number, SUFFIX);
    }

    /** Where it is at first, and again after every second move. */
    public String home(int number) {
        return addresses.get(number % addresses.size());
    }

    /** Where it is after the first move. */
    public String away(int number) {
        return addresses.get((number + addresses.size() / 2) % addresses.size());
    }

    /** Whether this name may be answered from there while names are moving. */
    public boolean right(String name, String address) {
        return number(name)
                .map(number -> address.equals(home(number)) || address.equals(away(number)))
                .orElse(false);
    }

    /** The number in a name of ours. */
    static Optional<Integer> number(String name) {
        return name.matches("n\\d{6}" + java.util.regex.Pattern.quote(SUFFIX))
                ? Optional.of(Integer.parseInt(name.substring(1, 7)))
                : Optional.empty();
    }

    /** Numbers of names at random, the same for the same seed; always 0 where only one name is asked. */
    public List<Integer> sample(int howMany, int asked, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, howMany).mapToObj(i -> random.nextInt(asked)).toList();
    }
}
