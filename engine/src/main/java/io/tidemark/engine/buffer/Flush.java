package io.tidemark.engine.buffer;

import java.util.List;

/**
 * Frames being flushed, each pinned until its page is copied, and where redo would begin without them.
 *
 * @param redoStart smallest recLSN of the frames left dirty, -1 when there is none
 * @param redoBytes WAL bytes appended before that LSN
 */
public record Flush(List<Frame> frames, long redoStart, long redoBytes) {
    /** Gives back one frame's pin, once: its page has been copied. */
    public void copied(int index) {
        frames.get(index).unpin();
    }
}
