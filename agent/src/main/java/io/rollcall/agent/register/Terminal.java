package io.rollcall.agent.register;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether Ctrl-C reaches the command by itself: the terminal sends it to everybody in the foreground. Twice often means "at once". */
final class Terminal {
    private static final int GROUP = 2; // fields of /proc/self/stat after the name in parentheses
    private static final int TERMINAL = 4;
    private static final int FOREGROUND_GROUP = 5;

    private Terminal() {}

    static boolean isForeground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return !fields[TERMINAL].equals("0") && fields[GROUP].equals(fields[FOREGROUND_GROUP]);
        } catch (IOException e) {
            return false;
        }
    }
}
