package io.rollcall.agent.sdbm;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/**
 * The format's numbers, from apr-util's {@code dbm/sdbm}.
 *
 * <p>A pair is on the page that the low bits of its key's hash number. How many bits count is in the {@code .dir} file: a tree of
 * bits, a set one for each page that was split. We only write trees that are split to one depth everywhere, so the {@code .dir}
 * says nothing but the depth, and the {@code .pag} alone decides what is found.
 */
public final class Sdbm {
    /** Bytes of a page of pairs. */
    public static final int PAGE = 1024;

    /** The longest key and value together. */
    public static final int LONGEST_PAIR = 1008;

    /** A page holds the number of its offsets, then two offsets for each pair, all in 16 bits. */
    static final int OFFSET = 2;

    /** Bytes of a page for pairs and their offsets. */
    static final int ROOM = PAGE - OFFSET;

    /** In the order of the machine that wrote it. */
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** The {@code .dir} is read in blocks; one that is not whole reads as zeros. */
    private static final int BLOCK = 4096;

    private Sdbm() {}

    /**
     * The low 32 bits of the format's hash. Its bytes are C's {@code char}, which has a sign on some machines and none on others: so
     * only for ASCII.
     */
    static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = bytes[i] + 65599 * hash;
        }
        return hash;
    }

    /** What a pair takes of a page. */
    static int size(Map.Entry<String, String> pair) {
        return pair.getKey().length() + pair.getValue().length() + 2 * OFFSET;
    }

    /** Whether a pair can be written so that every machine finds it. */
    public static boolean fits(String key, String value) {
        return !key.isEmpty()
                && !value.isEmpty()
                && key.length() + value.length() <= LONGEST_PAIR
                && isAscii(key)
                && isAscii(value);
    }

    /** The {@code .dir} of a tree split {@code depth} deep: its first 2^depth - 1 bits are set. */
    public static byte[] directory(int depth) {
        int bits = (1 << depth) - 1;
        byte[] directory = new byte[(bits + 8 * BLOCK - 1) / (8 * BLOCK) * BLOCK];
        Arrays.fill(directory, 0, bits / 8, (byte) 0xff);
        if (bits % 8 > 0) {
            directory[bits / 8] = (byte) ((1 << bits % 8) - 1);
        }
        return directory;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }
}
