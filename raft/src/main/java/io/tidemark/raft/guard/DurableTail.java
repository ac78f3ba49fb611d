package io.tidemark.raft.guard;

import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.io.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file {@code log-tail} in a node's directory: how far its Raft log was synced, at least. Ratis reads a log that was
 * cut at an entry boundary without a word (hazard R1); one that ends below this record has lost entries that the node has
 * acknowledged (rule L5).
 *
 * <pre>
 *   content of the copies, see {@link TwoCopies}; their name is TMLT
 *
 *   0        8         16      17
 *   | term   | index   | flags |
 *     8        8         1        big-endian
 *
 *   index   of the last entry known synced, -1 for none
 *   flags   1: the engine may have entries that this log never had, or has not synced
 *           2: a cut of the log was asked for; it may be half made
 *           4: the log is being put away; some of its files may be gone
 * </pre>
 *
 * <p>A caller of {@link #raise} has seen that entry synced; who cuts the log lowers the record before. So the record is
 * never ahead of the log, wherever the power is cut. Thread-safe.
 */
public final class DurableTail {
    private static final int CONTENT_BYTES = 17;
    private static final int ENGINE_AHEAD = 1;
    private static final int CUTTING = 2;
    private static final int PUTTING_AWAY = 4;

    private final TwoCopies copies;
    private Mark mark;

    public DurableTail(Disk disk, Path nodeDirectory) {
        this.copies = new TwoCopies(disk, nodeDirectory.resolve("log-tail"), "TMLT");
    }

    /**
     * @param index the log was synced up to here, -1 for nowhere
     * @param flags what was under way
     */
    public record Mark(long term, long index, int flags) {
        /** Nothing is known to be synced, and the engine says nothing about the log. */
        static final Mark NONE = new Mark(0, -1, ENGINE_AHEAD);

        /** The engine's LSN says nothing about the log: it may come from S3. */
        boolean engineAhead() {
            return (flags & ENGINE_AHEAD) != 0;
        }

        boolean cutting() {
            return (flags & CUTTING) != 0;
        }

        boolean puttingAway() {
            return (flags & PUTTING_AWAY) != 0;
        }
    }

    /** What is recorded; empty when nothing ever was. {@code CORRUPT} when both copies are damaged. */
    public synchronized Optional<Mark> read() {
        if (mark == null) {
            mark = copies.read().map(DurableTail::decode).orElse(null);
        }
        return Optional.ofNullable(mark);
    }

    /** Whether anything of the present log was ever recorded as synced; true as well when the record cannot be read. */
    public boolean everSynced() {
        try {
            return read().map(recorded -> recorded.index() >= 0).orElse(false);
        } catch (TidemarkException e) {
            return true; // whoever checks the log says what is wrong with it
        }
    }

    Path path() {
        return copies.path();
    }

    /**
     * The log is synced up to here, and no cut is under way.
     *
     * @param engineAhead the engine has something past it
     */
    synchronized void raise(long term, long index, boolean engineAhead) throws IOException {
        Mark next = new Mark(term, index, engineAhead ? ENGINE_AHEAD : 0);
        if (mark == null || index > mark.index || index == mark.index && mark.flags > next.flags) {
            copies.write(encode(next));
            mark = next;
        }
    }

    /** The log is about to lose everything past this entry; durable when this returns. */
    synchronized void cutting(long term, long index) throws IOException {
        boolean below = mark == null || mark.index > index;
        put(below ? term : mark.term, below ? index : mark.index, CUTTING | ENGINE_AHEAD);
    }

    /** The engine is about to go on by what S3 has; durable when this returns. */
    public synchronized void engineGoesAhead() throws IOException {
        if (read().isPresent() && !mark.engineAhead()) {
            put(mark.term, mark.index, mark.flags | ENGINE_AHEAD);
        }
    }

    /** The log is about to be put away; durable when this returns. */
    public synchronized void puttingAway() throws IOException {
        put(0, -1, PUTTING_AWAY | ENGINE_AHEAD);
    }

    /** The log is gone, durably, and another may begin. */
    public synchronized void putAway() throws IOException {
        put(0, -1, ENGINE_AHEAD);
    }

    private void put(long term, long index, int flags) throws IOException {
        Mark next = new Mark(term, index, flags);
        copies.writeBoth(encode(next));
        mark = next;
    }

    private static byte[] encode(Mark mark) {
        return ByteBuffer.allocate(CONTENT_BYTES)
                .putLong(mark.term)
                .putLong(mark.index)
                .put((byte) mark.flags)
                .array();
    }

    private static Mark decode(byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        return new Mark(bytes.getLong(), bytes.getLong(), bytes.get());
    }
}
