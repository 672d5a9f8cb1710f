package io.rollcall.deploy.demo;

import java.util.OptionalInt;

/** What the demo was asked for. */
record Options(boolean check, boolean keep, OptionalInt port) {

    static Options parse(String[] arguments) {
        boolean check = false;
        boolean keep = false;
        OptionalInt port = OptionalInt.empty();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--check" -> check = true;
                case "--keep" -> keep = true;
                case "--port" -> port = OptionalInt.of(port(i + 1 < arguments.length ? arguments[++i] : "nothing"));
                default -> throw new IllegalArgumentException("unknown argument: " + arguments[i] + " (see --help)");
            }
        }
        return new Options(check, keep, port);
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("--port: " + text + " (expected: 1..65535)");
    }
}
