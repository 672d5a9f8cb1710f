package io.rollcall.agent.sdbm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks keys up in a {@code .pag} file that {@link PageLayout} wrote. It needs no {@code .dir}: the number of pages is the depth. A
 * file that is replaced goes on being read as it was. Used by one thread.
 */
public final class SdbmReader implements Closeable {
    private final FileChannel file;
    private final int pages;
    private final ByteBuffer page = ByteBuffer.allocate(Sdbm.PAGE).order(Sdbm.ORDER);

    private SdbmReader(FileChannel file, int pages) {
        this.file = file;
        this.pages = pages;
    }

    public static SdbmReader open(Path pag) throws IOException {
        FileChannel file = FileChannel.open(pag, StandardOpenOption.READ);
        try {
            long pages = file.size() / Sdbm.PAGE;
            if (file.size() % Sdbm.PAGE != 0 || Long.bitCount(pages) > 1 || pages > 1 << 30) {
                throw new IOException(
                        pag + ": " + file.size() + " bytes (expected: " + Sdbm.PAGE + " times a power of two)");
            }
            return new SdbmReader(file, (int) pages);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** All pairs, in no order. */
    public Map<String, String> all() throws IOException {
        Map<String, String> all = new HashMap<>();
        for (int number = 0; number < pages; number++) {
            all.putAll(page(number));
        }
        return all;
    }

    /** The pairs of one page, in their order. */
    Map<String, String> page(int number) throws IOException {
        Map<String, String> pairs = new LinkedHashMap<>();
        read(number);
        int end = Sdbm.PAGE;
        for (int i = 1; i < offsets(); i += 2) {
            int key = offset(i, end);
            int value = offset(i + 1, key);
            pairs.put(text(key, end), text(value, key));
            end = value;
        }
        return pairs;
    }

    /** Where a key stands, if it does. */
    int pageOf(String key) {
        byte[] bytes = key.getBytes(US_ASCII);
        return Sdbm.hash(bytes, 0, bytes.length) & pages - 1;
    }

    /** The value of the key {@code bytes[from..to)}, or null. */
    public byte @Nullable [] find(byte[] bytes, int from, int to) throws IOException {
        if (pages == 0 || from == to) {
            return null;
        }
        read(Sdbm.hash(bytes, from, to) & pages - 1);
        int end = Sdbm.PAGE;
        for (int i = 1; i < offsets(); i += 2) {
            int key = offset(i, end);
            int value = offset(i + 1, key);
            if (Arrays.equals(page.array(), key, end, bytes, from, to)) {
                return Arrays.copyOfRange(page.array(), value, key);
            }
            end = value;
        }
        return null;
    }

    private void read(int number) throws IOException {
        page.clear();
        while (page.hasRemaining() && file.read(page, (long) number * Sdbm.PAGE + page.position()) >= 0) {
            // a read may be short
        }
    }

    private int offsets() {
        return Math.min(page.getShort(0), Sdbm.PAGE / Sdbm.OFFSET - 1);
    }

    /** The offset of that number, which is no more than the one before. */
    private int offset(int number, int before) throws IOException {
        int offset = page.getShort(number * Sdbm.OFFSET);
        if (offset < 0 || offset > before) {
            throw new IOException("offset " + offset + " after " + before + " (expected: an sdbm file)");
        }
        return offset;
    }

    private String text(int from, int to) {
        return new String(page.array(), from, to - from, US_ASCII);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
