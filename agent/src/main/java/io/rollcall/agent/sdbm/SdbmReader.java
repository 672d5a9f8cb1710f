package io.rollcall.agent.sdbm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
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

    /** The value of the key {@code bytes[from..to)}, or null. */
    public byte @Nullable [] find(byte[] bytes, int from, int to) throws IOException {
        if (pages == 0 || from == to) {
            return null;
        }
        long start = (long) (Sdbm.hash(bytes, from, to) & pages - 1) * Sdbm.PAGE;
        page.clear();
        while (page.hasRemaining() && file.read(page, start + page.position()) >= 0) {
            // a read may be short
        }
        int end = Sdbm.PAGE;
        int offsets = Math.min(page.getShort(0), Sdbm.PAGE / Sdbm.OFFSET - 1);
        for (int i = 1; i < offsets; i += 2) {
            int key = page.getShort(i * Sdbm.OFFSET);
            int value = page.getShort((i + 1) * Sdbm.OFFSET);
            if (value < 0 || value > key || key > end) {
                throw new IOException("page at " + start + ": offsets not in order (expected: an sdbm file)");
            }
            if (Arrays.equals(page.array(), key, end, bytes, from, to)) {
                return Arrays.copyOfRange(page.array(), value, key);
            }
            end = value;
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
