package io.rollcall.agent.admin;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Ends after so many characters, so that nobody fills the agent's memory with one line. */
final class Limited extends FilterReader {
    private int left;

    Limited(Reader in, int limit) {
        super(in);
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        return left-- > 0 ? super.read() : -1;
    }

    @Override
    public int read(char[] buffer, int from, int length) throws IOException {
        if (left <= 0) {
            return -1;
        }
        int count = super.read(buffer, from, Math.min(length, left));
        left -= Math.max(0, count);
        return count;
    }
}
