package io.tidemark.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Another disk as it is, and everything written since in memory only: what works on this disk leaves that one alone. Nothing
 * is durable, syncs do nothing, and a write that needs more memory than allowed fails. Thread-safe. Closing it closes the
 * files of the disk below.
 */
public final class OverlayDisk implements Disk, AutoCloseable {
    private final Disk below;
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();

    /** Files that have been opened, by name. */
    private final Map<Path, Content> files = new HashMap<>();

    /** Names that the disk below has and this one not any more. */
    private final Set<Path> gone = new HashSet<>();

    /**
     * @param bytesMax memory for what is written
     */
    public OverlayDisk(Disk below, long bytesMax) {
        this.below = below;
        this.bytesMax = bytesMax;
    }

    @Override
    public synchronized DiskFile open(Path file) throws IOException {
        Content content = files.get(file);
        if (content == null) {
            // Opening makes a file that does not exist: not below.
            content = new Content(existsBelow(file) ? below.open(file) : null);
            files.put(file, content);
        }
        return content;
    }

    @Override
    public void createDirectories(Path directory) {}

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String name : below.list(directory)) {
            if (existsBelow(directory.resolve(name))) {
                names.add(name);
            }
        }
        for (Path file : files.keySet()) {
            if (file.getParent().equals(directory)) {
                names.add(file.getFileName().toString());
            }
        }
        return List.copyOf(names);
    }

    @Override
    public synchronized boolean exists(Path path) throws IOException {
        return files.containsKey(path) || existsBelow(path);
    }

    private boolean existsBelow(Path path) throws IOException {
        return !gone.contains(path) && below.exists(path);
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        Content content = files.remove(file);
        if (content != null) {
            content.release();
        }
        gone.add(file);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        open(from);
        delete(to);
        files.put(to, files.remove(from));
        gone.add(from);
    }

    @Override
    public void syncDirectory(Path directory) {}

    @Override
    public long usableBytes(Path directory) {
        return Long.MAX_VALUE;
    }

    @Override
    public synchronized void close() throws IOException {
        Collection<Content> open = files.values();
        for (Content content : open) {
            content.release();
        }
        files.clear();
    }

    /** A file: what is below up to {@link #belowEnd}, and the pieces of it that have been written. */
    private final class Content implements DiskFile {
        private static final int PIECE_BYTES = 4096;

        private final DiskFile below;
        private final Map<Long, byte[]> pieces = new HashMap<>();
        private long belowEnd;
        private long size;

        Content(DiskFile below) throws IOException {
            this.below = below;
            this.belowEnd = below == null ? 0 : below.size();
            this.size = belowEnd;
        }

        @Override
        public synchronized int read(ByteBuffer target, long position) throws IOException {
            int wanted = (int) Math.max(0, Math.min(target.remaining(), size - position));
            for (int done = 0; done < wanted; ) {
                long at = position + done;
                int offset = (int) (at % PIECE_BYTES);
                int length = Math.min(wanted - done, PIECE_BYTES - offset);
                byte[] piece = pieces.get(at / PIECE_BYTES);
                target.put(piece == null ? fromBelow(at / PIECE_BYTES) : piece, offset, length);
                done += length;
            }
            return wanted;
        }

        private byte[] fromBelow(long number) throws IOException {
            byte[] piece = new byte[PIECE_BYTES];
            int length = (int) Math.max(0, Math.min(PIECE_BYTES, belowEnd - number * PIECE_BYTES));
            if (length > 0) {
                below.read(ByteBuffer.wrap(piece, 0, length), number * PIECE_BYTES);
            }
            return piece;
        }

        @Override
        public synchronized void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                int offset = (int) (at % PIECE_BYTES);
                int length = Math.min(source.remaining(), PIECE_BYTES - offset);
                byte[] piece = pieces.get(at / PIECE_BYTES);
                boolean within = at + length <= size;
                if (piece == null && within && isSame(source, length, fromBelow(at / PIECE_BYTES), offset)) {
                    // As recovery does with the log's tail: that takes no memory.
                    source.position(source.position() + length);
                    at += length;
                    continue;
                }
                if (piece == null) {
                    if (bytes.addAndGet(PIECE_BYTES) > bytesMax) {
                        throw new IOException("more than " + bytesMax + " bytes would be written in memory");
                    }
                    piece = fromBelow(at / PIECE_BYTES);
                    pieces.put(at / PIECE_BYTES, piece);
                }
                source.get(piece, offset, length);
                at += length;
            }
            size = Math.max(size, at);
        }

        private static boolean isSame(ByteBuffer source, int length, byte[] piece, int offset) {
            return source.slice(source.position(), length).equals(ByteBuffer.wrap(piece, offset, length));
        }

        @Override
        public void sync() {}

        @Override
        public synchronized void truncate(long end) throws IOException {
            if (end >= size) {
                return;
            }
            int keep = (int) (end % PIECE_BYTES);
            if (keep > 0) {
                long number = end / PIECE_BYTES;
                byte[] last = pieces.containsKey(number) ? pieces.get(number) : fromBelow(number);
                Arrays.fill(last, keep, PIECE_BYTES, (byte) 0);
                pieces.put(number, last);
            }
            pieces.keySet().removeIf(number -> number * PIECE_BYTES >= end);
            belowEnd = Math.min(belowEnd, end);
            size = end;
        }

        @Override
        public synchronized long size() {
            return size;
        }

        /** The file stays, for whoever opens it again. */
        @Override
        public void close() {}

        void release() throws IOException {
            if (below != null) {
                below.close();
            }
        }
    }
}
