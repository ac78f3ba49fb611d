package io.tidemark.engine.btree;

import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.page.OverflowPage;
import io.tidemark.engine.page.PageRedo;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.RedoBuffer;
import io.tidemark.engine.page.SlottedPage;

/**
 * The one way in which an entry changes pages: the redo record is written into the entry's block, and that record is
 * applied to the frame, as recovery will. Applying thread only.
 */
public final class PageWriter {
    /** What the redo of an overflow page takes beside its part of the value, with what allocating it may. */
    private static final int VALUE_RECORD_BYTES = 64;

    private final EntryPages entry;
    private final RedoBuffer redo = new RedoBuffer();

    public PageWriter(EntryPages entry) {
        this.entry = entry;
    }

    /** Begins the block of the next entry; see {@link EntryPages#begin}. */
    public void begin(long lsn, long walBytes, boolean isBrief) {
        redo.clear();
        entry.begin(lsn, walBytes, isBrief);
    }

    /** Makes room in the block for the overflow pages of a value. */
    void expectValue(int bytes) {
        redo.reserve(bytes + OverflowPage.pages(pageBytes(), bytes) * VALUE_RECORD_BYTES);
    }

    /** The records so far. */
    public RedoBuffer redo() {
        return redo;
    }

    /** Pages that the entry holds so far. */
    int heldPages() {
        return entry.size();
    }

    public int pageBytes() {
        return entry.pageBytes();
    }

    /** The page's frame, held until the entry is complete; another one than was pinned before, when readers need that. */
    Frame change(long pageId) {
        return entry.hold(pageId);
    }

    /** A frame for a page that never was, held until the entry is complete; to be formatted next. */
    Frame create(long pageId) {
        return entry.create(pageId);
    }

    void format(Frame frame, PageType type, int level) {
        int at = PageRedo.begin(redo, PageRedo.FORMAT, frame.pageId());
        redo.putByte(type.code());
        redo.putByte(level);
        apply(frame, at);
    }

    void formatOverflow(Frame frame, long next, byte[] source, int from, int length) {
        int at = PageRedo.begin(redo, PageRedo.FORMAT_OVERFLOW, frame.pageId());
        redo.putLong(next);
        redo.putBytes(source, from, length);
        apply(frame, at);
    }

    void insert(Frame frame, int slot, RedoBuffer cell) {
        record(PageRedo.INSERT, frame, slot, cell);
    }

    void replace(Frame frame, int slot, RedoBuffer cell) {
        record(PageRedo.REPLACE, frame, slot, cell);
    }

    private void record(int op, Frame frame, int slot, RedoBuffer cell) {
        int at = PageRedo.begin(redo, op, frame.pageId());
        redo.putShort(slot);
        redo.putBytes(cell.array(), 0, cell.length());
        apply(frame, at);
    }

    void delete(Frame frame, int slot) {
        int at = PageRedo.begin(redo, PageRedo.DELETE, frame.pageId());
        redo.putShort(slot);
        apply(frame, at);
    }

    /** Removes records {@code from..to-1}; no change when there are none. */
    void remove(Frame frame, int from, int to) {
        if (from == to) {
            return;
        }
        int at = PageRedo.begin(redo, PageRedo.REMOVE, frame.pageId());
        redo.putShort(from);
        redo.putShort(to);
        apply(frame, at);
    }

    void set(Frame frame, int offset, long value) {
        int at = PageRedo.begin(redo, PageRedo.SET, frame.pageId());
        redo.putShort(offset);
        redo.putLong(value);
        apply(frame, at);
    }

    /** Copies records {@code from..to-1} of one page into another, from {@code slot} on; no change when there are none. */
    void copy(Frame source, int from, int to, Frame target, int slot) {
        if (from == to) {
            return;
        }
        int at = PageRedo.begin(redo, PageRedo.INSERT_MANY, target.pageId());
        redo.putShort(slot);
        for (int i = from; i < to; i++) {
            int length = SlottedPage.length(source.page(), i);
            redo.putShort(length);
            int room = redo.skip(length);
            source.page().get(SlottedPage.offset(source.page(), i), redo.array(), room, length);
        }
        apply(target, at);
    }

    private void apply(Frame frame, int at) {
        entry.change(frame);
        PageRedo.end(redo, at);
        PageRedo.apply(redo.array(), at, frame.page());
    }
}
