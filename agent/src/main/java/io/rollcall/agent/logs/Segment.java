package io.rollcall.agent.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * One file that a log's name stands for, or has stood for: it stays open when it is renamed or deleted, for processes that still
 * have it open go on writing to it. Used by one thread at a time.
 */
final class Segment implements AutoCloseable {
    /** httpd cuts its own lines at 8,192 bytes. */
    private static final int LONGEST_LINE = 16_384;

    private static final int BUFFER = 65_536;

    /** Lines begin with times and ids: two that agree in so many bytes at one place are the same. */
    private static final int REMEMBERED = 64;

    private final FileChannel channel;
    private final Object key;
    private final byte[] buffer = new byte[BUFFER];
    private byte[] last = new byte[0];
    private long position;
    private long end;
    private int held;
    private boolean overlong;

    /** Start of the process that wrote the first line that anyone claimed, in the kernel's ticks. */
    private long firstWriter = Long.MAX_VALUE;

    private Segment(FileChannel channel, Object key) {
        this.channel = channel;
        this.key = key;
    }

    /** Opens what the name stands for now; nothing if it stands for something else before that is done. */
    static Optional<Segment> open(Path file) throws IOException {
        Object before = key(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        if (Objects.equals(before, key(file))) {
            return Optional.of(new Segment(channel, before));
        }
        channel.close();
        return Optional.empty();
    }

    /** Goes on where another reader of the same file stopped; nothing if it is not that file. */
    static Optional<Segment> open(Path file, LogsState.Place place) throws IOException {
        Optional<Segment> opened = open(file);
        if (opened.isEmpty()) {
            return opened;
        }
        Segment segment = opened.get();
        segment.position = place.position();
        segment.last = place.before().getBytes(ISO_8859_1);
        segment.overlong = place.overlong();
        segment.firstWriter = place.firstWriter();
        if (segment.key.toString().equals(place.key())
                && segment.channel.size() >= place.position()
                && segment.continues()) {
            return opened;
        }
        segment.close();
        return Optional.empty();
    }

    /** Where a reader would have to go on: at the beginning of a line, or inside one that is left out. */
    LogsState.Place place() throws IOException {
        long at = position - held;
        byte[] before = new byte[(int) Math.min(REMEMBERED, at)];
        readFully(ByteBuffer.wrap(before), at - before.length);
        return new LogsState.Place(key.toString(), at, new String(before, ISO_8859_1), overlong, firstWriter);
    }

    static Object key(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            throw new IOException("is a directory");
        }
        Object key = attributes.fileKey();
        return key == null ? file : key;
    }

    boolean is(Object other) {
        return key.equals(other);
    }

    /** Leaves out what is there by now. */
    void skip() throws IOException {
        position = channel.size();
        end = position;
        held = 0;
        // The rest of a line that is being written is no line.
        overlong = position > 0 && byteBefore(position) != '\n';
        int length = (int) Math.min(REMEMBERED, position);
        last = new byte[length];
        readFully(ByteBuffer.wrap(last), position - length);
    }

    /** Finds out how far to read next; tells how much that is, or -1 if the file was cut: what was not read is lost. */
    long look() throws IOException {
        long size = channel.size();
        if (size < position || (size > position && !continues())) {
            position = 0;
            held = 0;
            overlong = false;
            last = new byte[0];
            end = size;
            return -1;
        }
        end = size;
        return end - position;
    }

    /** Whether what stood before the place where reading stopped still stands there. */
    private boolean continues() throws IOException {
        byte[] now = new byte[last.length];
        readFully(ByteBuffer.wrap(now), position - last.length);
        return Arrays.equals(now, last);
    }

    /** Reads as far as the last look went; tells how many lines there were. */
    long read(LineConsumer lines) throws IOException {
        long count = 0;
        while (position < end) {
            int room = (int) Math.min(BUFFER - held, end - position);
            int got = channel.read(ByteBuffer.wrap(buffer, held, room), position);
            if (got <= 0) {
                break; // cut since the look; the next one sees it
            }
            position += got;
            count += dispatch(held + got, lines);
        }
        return count;
    }

    private long dispatch(int filled, LineConsumer lines) {
        int length = Math.min(REMEMBERED, filled);
        last = Arrays.copyOfRange(buffer, filled - length, filled);
        long count = 0;
        int from = 0;
        for (int i = held; i < filled; i++) {
            if (buffer[i] == '\n') {
                if (!overlong && i - from <= LONGEST_LINE) {
                    lines.line(buffer, from, i);
                }
                overlong = false;
                count++;
                from = i + 1;
            }
        }
        held = filled - from;
        if (held > LONGEST_LINE) {
            overlong = true;
            held = 0;
        }
        System.arraycopy(buffer, filled - held, buffer, 0, held);
        return count;
    }

    private byte byteBefore(long place) throws IOException {
        byte[] one = new byte[1];
        readFully(ByteBuffer.wrap(one), place - 1);
        return one[0];
    }

    private void readFully(ByteBuffer to, long from) throws IOException {
        int start = to.position();
        while (to.hasRemaining() && channel.read(to, from + to.position() - start) > 0) {
            // a file gives less than asked for only at its end
        }
    }

    /** How much there is to read. */
    long behind() throws IOException {
        return Math.max(0, channel.size() - position);
    }

    /** Whether there is nothing to read, as far as its length tells. */
    boolean isRead() throws IOException {
        return channel.size() == position;
    }

    void wroteBy(long startTicks) {
        firstWriter = Math.min(firstWriter, startTicks);
    }

    long firstWriter() {
        return firstWriter;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
