package io.rollcall.agent.sdbm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** Writes one page into a buffer whose bytes are zero, from where that stands. */
final class PageWriter {
    private final ByteBuffer buffer;
    private final int start;
    private int offset = Sdbm.PAGE;
    private int offsets;

    PageWriter(ByteBuffer buffer) {
        this.buffer = buffer;
        this.start = buffer.position();
    }

    void put(String key, String value) {
        put(key);
        put(value);
    }

    /** From the end of the page downwards. */
    private void put(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        offset -= bytes.length;
        buffer.put(start + offset, bytes);
        buffer.putShort(start + ++offsets * Sdbm.OFFSET, (short) offset);
    }

    /** Leaves the buffer where the next page begins. */
    void end() {
        buffer.putShort(start, (short) offsets);
        buffer.position(start + Sdbm.PAGE);
    }
}
