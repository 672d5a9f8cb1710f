package io.rollcall.agent.sdbm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pairs laid out in 2^depth pages. The depth is the least at which all of them find room on their page, or all but a few: those
 * are left out, and told, because the next depth is twice the file.
 */
public final class PageLayout {
    private static final int DEEPEST = 20;

    /** Bytes of pairs that may be left out for the sake of half the file. */
    private static final int LEFT_OUT = 512;

    /** Deeper than the pairs need on the average by this, they are not spread thin but have hashes in common. */
    private static final int DEEPER = 5;

    private static final byte[] EMPTY = new byte[256 * Sdbm.PAGE];

    private final List<Map.Entry<String, String>> pairs;
    private final int[] hashes;
    private final int depth;
    private final int[] order; // indexes into pairs, page by page
    private final List<String> leftOut = new ArrayList<>();

    private PageLayout(List<Map.Entry<String, String>> pairs, int[] hashes, int depth) {
        this.pairs = pairs;
        this.hashes = hashes;
        this.depth = depth;
        int[] sizes = sizes(pairs);
        int[] used = new int[1 << depth];
        int[] count = new int[(1 << depth) + 1];
        boolean[] in = new boolean[pairs.size()];
        for (int i = 0; i < hashes.length; i++) {
            int page = page(i);
            in[i] = used[page] + sizes[i] <= Sdbm.ROOM;
            if (in[i]) {
                used[page] += sizes[i];
                count[page + 1]++;
            } else {
                leftOut.add(pairs.get(i).getKey());
            }
        }
        for (int page = 0; page < 1 << depth; page++) {
            count[page + 1] += count[page];
        }
        order = new int[count[1 << depth]];
        for (int i = 0; i < hashes.length; i++) {
            if (in[i]) {
                order[count[page(i)]++] = i;
            }
        }
    }

    /**
     * Lays pairs out.
     *
     * @param all pairs with different keys that {@link Sdbm#fits fit}
     * @param shallowest the depth to begin with
     */
    public static PageLayout of(List<Map.Entry<String, String>> all, int shallowest) {
        int[] hashes = new int[all.size()];
        int[] sizes = sizes(all);
        long total = 0;
        for (int i = 0; i < hashes.length; i++) {
            byte[] key = all.get(i).getKey().getBytes(US_ASCII);
            hashes[i] = Sdbm.hash(key, 0, key.length);
            total += sizes[i];
        }
        int least = shallowest;
        while (least < DEEPEST && total > (long) Sdbm.ROOM << least) {
            least++;
        }
        int depth = least;
        while (depth < Math.min(DEEPEST, least + DEEPER) && tooMuch(hashes, sizes, depth) > LEFT_OUT) {
            depth++;
        }
        return new PageLayout(all, hashes, depth);
    }

    /** Bytes for which there is no room at this depth, or less. */
    private static long tooMuch(int[] hashes, int[] sizes, int depth) {
        int[] used = new int[1 << depth];
        long tooMuch = 0;
        for (int i = 0; i < hashes.length; i++) {
            int page = hashes[i] & used.length - 1;
            used[page] += sizes[i];
            if (used[page] > Sdbm.ROOM) {
                tooMuch += sizes[i];
            }
        }
        return tooMuch;
    }

    /** The file has 2^depth pages. */
    public int depth() {
        return depth;
    }

    /** Keys of the pairs that are not in the file. */
    public List<String> leftOut() {
        return leftOut;
    }

    /** Writes the pages, {@code times} over: which is the same content, laid out for a tree that many times as wide. */
    public void write(WritableByteChannel out, int times) throws IOException {
        for (int time = 0; time < times; time++) {
            write(out);
        }
    }

    private void write(WritableByteChannel out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(EMPTY.length).order(Sdbm.ORDER);
        int next = 0;
        for (int number = 0; number < 1 << depth; number++) {
            PageWriter page = new PageWriter(buffer);
            while (next < order.length && page(order[next]) == number) {
                Map.Entry<String, String> pair = pairs.get(order[next++]);
                page.put(pair.getKey(), pair.getValue());
            }
            page.end();
            if (!buffer.hasRemaining()) {
                drain(buffer, out);
            }
        }
        drain(buffer, out);
    }

    private static void drain(ByteBuffer buffer, WritableByteChannel out) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        buffer.clear();
        buffer.put(EMPTY).clear();
    }

    private int page(int pair) {
        return hashes[pair] & (1 << depth) - 1;
    }

    private static int[] sizes(List<Map.Entry<String, String>> pairs) {
        int[] sizes = new int[pairs.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Sdbm.size(pairs.get(i));
        }
        return sizes;
    }
}
