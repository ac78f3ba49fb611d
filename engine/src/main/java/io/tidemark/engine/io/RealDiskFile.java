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

    /** What is done with the channel; repeated from its start when an interrupt closed the channel. */
    private interface Operation {
        long on(FileChannel open) throws IOException;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        int end = target.limit();
        return (int) uninterrupted("read at " + position, open -> {
            target.limit(end).position(start);
            long at = position;
            while (target.position() < end) {
                target.limit(Math.min(end, target.position() + PIECE_BYTES));
                int read = open.read(target, at);
                if (read < 0) {
                    break;
                }
                at += read;
            }
            target.limit(end);
            return at - position;
        });
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        int start = source.position();
        int end = source.limit();
        uninterrupted("write at " + position, open -> {
            source.limit(end).position(start);
            long at = position;
            while (source.position() < end) {
                source.limit(Math.min(end, source.position() + PIECE_BYTES));
                at += open.write(source, at);
            }
            return at;
        });
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
                    if (closed) {
                        throw new IOException(path + " is closed: " + what, e);
                    }
                    interrupted |= Thread.interrupted();
                    reopen(open);
                }
            }
        } catch (IOException e) {
            throw new IOException(path + ": " + what + " failed: " + e.getMessage(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen(FileChannel dead) throws IOException {
        if (channel == dead && !closed) {
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
    }
}
