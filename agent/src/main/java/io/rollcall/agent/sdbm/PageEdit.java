package io.rollcall.agent.sdbm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Changes to some pages of a {@code .pag} file, which keeps its depth. */
public final class PageEdit {
    private final SdbmReader before;
    private final Map<Integer, Map<String, String>> pages = new TreeMap<>();

    /** @param before is read as long as changes are made */
    public PageEdit(SdbmReader before) {
        this.before = before;
    }

    public void remove(String key) throws IOException {
        page(key).remove(key);
    }

    /** Adds all of these pairs, or none if the page of one of them has no room. Tells whether it did. */
    public boolean put(List<Map.Entry<String, String>> pairs) throws IOException {
        for (Map.Entry<String, String> pair : pairs) {
            page(pair.getKey()).put(pair.getKey(), pair.getValue());
        }
        for (Map.Entry<String, String> pair : pairs) {
            int size =
                    page(pair.getKey()).entrySet().stream().mapToInt(Sdbm::size).sum();
            if (size > Sdbm.ROOM) {
                for (Map.Entry<String, String> none : pairs) {
                    remove(none.getKey());
                }
                return false;
            }
        }
        return true;
    }

    private Map<String, String> page(String key) throws IOException {
        int number = before.pageOf(key);
        Map<String, String> page = pages.get(number);
        if (page == null) {
            page = before.page(number);
            pages.put(number, page);
        }
        return page;
    }

    /** Writes the pages that changed. */
    public void write(FileChannel out) throws IOException {
        for (Map.Entry<Integer, Map<String, String>> page : pages.entrySet()) {
            ByteBuffer buffer = ByteBuffer.allocate(Sdbm.PAGE).order(Sdbm.ORDER);
            PageWriter writer = new PageWriter(buffer);
            page.getValue().forEach(writer::put);
            writer.end();
            buffer.flip();
            long at = (long) page.getKey() * Sdbm.PAGE;
            while (buffer.hasRemaining()) {
                at += out.write(buffer, at);
            }
        }
    }
}
