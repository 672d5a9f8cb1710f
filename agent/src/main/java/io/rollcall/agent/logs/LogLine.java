package io.rollcall.agent.logs;

import org.jspecify.annotations.Nullable;

/** A line that says where a request stands. */
sealed interface LogLine permits LogMark, RequestEnd {
    /** The request's own, out of mod_unique_id. */
    String id();

    /** Of the process that wrote it. */
    int pid();

    /** Reads a line of any of httpd's logs; null if it is none of ours, which is what most are where other things are logged too. */
    static @Nullable LogLine read(byte[] line, int from, int to) {
        if (from == to) {
            return null;
        }
        return line[from] == '[' ? LogMark.read(line, from, to) : RequestEnd.read(line, from, to);
    }
}
