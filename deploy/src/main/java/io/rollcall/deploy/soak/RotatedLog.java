package io.rollcall.deploy.soak;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A log, and who rotates it. Lines are written by two children in turn, each of which has opened it by itself. */
interface RotatedLog extends LineWriter.Sink, AutoCloseable {
    /** Rotates it, if it does not do so by itself. */
    void rotate() throws IOException;

    @Override
    void close() throws IOException;

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /**
     * logrotate with {@code create} and a graceful restart of httpd: one child is new at once, the other one goes on writing to the
     * renamed file until the next rotation but for a moment before it.
     */
    static RotatedLog renamed(Path file) throws IOException {
        return new RotatedLog() {
            private FileChannel first = open(file);
            private FileChannel second = open(file);
            private int rotations;
            private boolean turn;

            @Override
            public synchronized void write(byte[] line) throws IOException {
                turn = !turn;
                (turn ? first : second).write(ByteBuffer.wrap(line));
            }

            @Override
            public synchronized void rotate() throws IOException {
                second.close();
                second = first; // the old child is the one that was new
                Files.move(file, file.resolveSibling(file.getFileName() + "." + ++rotations));
                first = open(file);
            }

            @Override
            public void close() throws IOException {
                first.close();
                second.close();
            }
        };
    }

    /** logrotate with {@code copytruncate}: whoever writes goes on in the same file, which is copied and then cut to nothing. */
    static RotatedLog cut(Path file) throws IOException {
        FileChannel both = open(file);
        return new RotatedLog() {
            @Override
            public void write(byte[] line) throws IOException {
                both.write(ByteBuffer.wrap(line));
            }

            @Override
            public void rotate() throws IOException {
                Files.copy(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
            }

            @Override
            public void close() throws IOException {
                both.close();
            }
        };
    }

    /** httpd's rotatelogs, which opens a new file by itself now and then, and keeps a link to the youngest one. */
    static RotatedLog piped(Path file, Duration every) throws IOException {
        Process program = new ProcessBuilder(
                        "rotatelogs", "-L", file.toString(), file + ".%s", Long.toString(every.toSeconds()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        OutputStream pipe = program.getOutputStream();
        return new RotatedLog() {
            @Override
            public synchronized void write(byte[] line) throws IOException {
                pipe.write(line);
                pipe.flush();
            }

            @Override
            public void rotate() {
                // it does so by itself
            }

            @Override
            public void close() throws IOException {
                pipe.close();
                try {
                    if (!program.waitFor(5, TimeUnit.SECONDS)) {
                        program.destroyForcibly();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }
}
