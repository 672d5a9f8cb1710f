package io.rollcall.bench.contender;

import java.io.IOException;
import java.util.Locale;

/** The kinds of {@code Mutex} that httpd knows on Linux, around each question to a {@code prg:} map. */
public enum PrgMutex {
    SYSVSEM,
    FCNTL,
    FLOCK,
    PTHREAD,
    POSIXSEM;

    /** Whose configuration is used. */
    public static final String CONTENDER = "prg-constant";

    /** As httpd calls it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The constant program with this mutex. */
    public Server start(Setting setting) throws Exception {
        return Httpds.constant(setup(setting));
    }

    Setup setup(Setting setting) throws IOException {
        Setup setup = Setup.of(setting, CONTENDER);
        boolean file = this == FCNTL || this == FLOCK;
        setup.words().put("MUTEX", file ? word() + ":" + setup.directory() : word());
        return setup;
    }

    @Override
    public String toString() {
        return word();
    }
}
