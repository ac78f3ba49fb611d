package io.tidemark.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file over a {@link FileChannel}. The JDK closes a channel when a thread is interrupted inside it, for everybody; here
 * the channel is opened again and the operation repeated, and the thread keeps its interrupt. (The file must still have its name then: what is renamed is closed
 * first. A failed write-back is not lost by that: Linux reports an error that nobody has seen yet to a newly opened descriptor too.)
 */
final class RealDiskFile implements DiskFile {
    /** The JDK copies heap buffers into a direct one that it keeps per thread: bounds its size. */
    private static final int PIECE_BYTES = 256 << 10;

    private final Path path;
    private volatile FileChannel channel;
    private volatile boolean closed;

    RealDiskFile(Path path) throws IOException {
        this.path = path;
        try {
            this.channel = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        } catch (IOException e) {
            throw new IOException("cannot open " + path + " for reading and writing: " + e, e);
        }
    }

    /** What is rarely done with the channel. */
    private interface Operation {
        long on(FileChannel open) throws IOException;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        int end = target.limit();
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                FileChannel open = channel;
                try {
                    return readFrom(open, target, position, end);
                } catch (ClosedChannelException e) {
                    interrupted |= reopened(open, e);
                    target.limit(end).position(start);
                }
            }
        } catch (IOException e) {
            throw failed("read at " + position, e);
        } finally {
            restore(interrupted);
        }
    }

    private static int readFrom(FileChannel open, ByteBuffer target, long position, int end) throws IOException {
        int start = target.position();
        int read = 0;
        while (read >= 0 && target.position() < end) {
            target.limit(Math.min(end, target.position() + PIECE_BYTES));
            read = open.read(target, position + target.position() - start);
        }
        target.limit(end);
        return target.position() - start;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        int start = source.position();
        int end = source.limit();
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                FileChannel open = channel;
                try {
                    writeTo(open, source, position, end);
                    return;
                } catch (ClosedChannelException e) {
                    interrupted |= reopened(open, e);
                    source.limit(end).position(start);
                }
            }
        } catch (IOException e) {
            throw failed("write of " + (end - start) + " bytes at " + position, e);
        } finally {
            restore(interrupted);
        }
    }

    private static void writeTo(FileChannel open, ByteBuffer source, long position, int end) throws IOException {
        int start = source.position();
        while (source.position() < end) {
            source.limit(Math.min(end, source.position() + PIECE_BYTES));
            open.write(source, position + source.position() - start);
        }
    }

    @Override
    public void sync() throws IOException {
        uninterrupted("sync", open -> {
            open.force(false);
            return 0;
        });
    }

    @Override
    public void truncate(long size) throws IOException {
        uninterrupted("truncate to " + size, open -> {
            open.truncate(size);
            return 0;
        });
    }

    @Override
    public long size() throws IOException {
        return uninterrupted("size", FileChannel::size);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }

    private long uninterrupted(String what, Operation operation) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                FileChannel open = channel;
                try {
                    return operation.on(open);
                } catch (ClosedChannelException e) {
                    interrupted |= reopened(open, e);
                }
            }
        } catch (IOException e) {
            throw failed(what, e);
        } finally {
            restore(interrupted);
        }
    }

    /** Opens the channel that an interrupt closed, and says whether it was this thread's. */
    private synchronized boolean reopened(FileChannel dead, ClosedChannelException cause) throws IOException {
        if (closed) {
            throw new IOException("the file is closed", cause);
        }
        boolean interrupted = Thread.interrupted();
        if (channel == dead) {
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return interrupted;
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private IOException failed(String what, IOException cause) {
        return new IOException(path + ": " + what + " failed: " + cause.getMessage(), cause);
    }
}
