package io.tidemark.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Positions and sizes in bytes. Thread-safe for positional reads and writes. */
public interface DiskFile extends AutoCloseable {
    /**
     * Fills {@code target} from {@code position} as far as the file reaches.
     *
     * @return bytes read; less than asked only at the end of the file, 0 past it
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Writes all of {@code source} at {@code position}, growing the file when needed. */
    void write(ByteBuffer source, long position) throws IOException;

    /** Makes the file's bytes and size durable. After a failure the file must not be trusted any more. */
    void sync() throws IOException;

    void truncate(long size) throws IOException;

    long size() throws IOException;

    @Override
    void close() throws IOException;
}
