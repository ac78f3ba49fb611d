package io.tidemark.engine.buffer;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.page.Keys;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.page.PageType;
import io.tidemark.engine.page.SlottedPage;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which keys are not in leaves that have left the pool, so that who looks for a key that is nowhere need not read the leaf
 * where it would be: a Bloom filter for each leaf (Bloom, CACM 13(7), 1970), as long as a line of a processor's cache
 * (Putze, Sanders and Singler, JEA 14, 2009, section 3). Made when the leaf leaves, as long as anybody looks in vain.
 *
 * <pre>
 *   0          8          16                                                64
 *   | page id  | LSN      | 384 bits, four of them set for each key          |
 * </pre>
 *
 * <p><b>Why a filter is right.</b> It is made of the newest version of its leaf, by an entry of LSN F, and goes when an
 * entry completes that changed the leaf, before that entry is published. So whoever reads at R finds one with F up to R only
 * where no entry between F and R changed the leaf: that would have taken the filter away before R was published, and only
 * a newer one could have come since. A filter with F above R says nothing to him.
 *
 * <p>Memory: an eighth of the pool's frames at most, each taken when a leaf leaves whose filter has its place there, and
 * given back when the pool has no other. A leaf shares its place with those whose ids are a multiple of all places away.
 *
 * <p>{@link #lacks} and {@link #keyNotFound}: any thread. The rest: under the pool's lock.
 */
final class LeafFilters {
    private static final int FILTER_BYTES = 64;
    private static final int LSN_AT = 8;
    private static final int BITS_AT = 16;
    private static final int WORDS = (FILTER_BYTES - BITS_AT) / Long.BYTES;
    private static final int BITS = WORDS * Long.SIZE;

    private static final int PROBES = 4;
    private static final int PROBE_BITS = Long.SIZE / PROBES;

    /** Of the pool's frames one part in so many, at most. */
    private static final int SHARE = 8;

    /** Leaves whose filters are made for one look in vain: more than the one that it makes leave, or they would not spread. */
    private static final int LEAVES_FOR_ONE = 2;

    /** Leaves whose filters are still made after the last look in vain, so that whoever looks for what is there pays none. */
    private static final int LEAVES_MAX = 1 << 10;

    private final int perFrame;
    private final AtomicReferenceArray<Piece> pieces;
    private final long[] made = new long[WORDS];
    private final Counter spared;

    /** Leaves whose filters are still wanted; a hint, changed without a lock. */
    private int wanted;

    private volatile int framesInUse;

    LeafFilters(int pageBytes, int frames, MetricRegistry metrics) {
        perFrame = pageBytes / FILTER_BYTES;
        pieces = new AtomicReferenceArray<>(frames / SHARE);
        spared = metrics.counter("engine.pool.filtered");
        metrics.gauge("engine.pool.filter.frames", () -> () -> framesInUse);
    }

    /** Filters that lie in one frame, under a lock of their own. */
    private static final class Piece {
        private Frame frame;

        Piece(Frame frame, int filters) {
            this.frame = frame;
            for (int at = 0; at < filters * FILTER_BYTES; at += FILTER_BYTES) {
                frame.page.putLong(at, Frame.NONE);
            }
        }

        synchronized void put(int at, long pageId, long lsn, long[] bits) {
            frame.page.putLong(at, pageId);
            frame.page.putLong(at + LSN_AT, lsn);
            for (int i = 0; i < bits.length; i++) {
                frame.page.putLong(at + BITS_AT + i * Long.BYTES, bits[i]);
            }
        }

        /** Whether the page's filter is here, of an entry up to that LSN, and does not know the hash. */
        synchronized boolean lacks(int at, long pageId, long lsn, long hash) {
            if (frame == null || frame.page.getLong(at) != pageId || frame.page.getLong(at + LSN_AT) > lsn) {
                return false;
            }
            long left = hash;
            for (int i = 0; i < PROBES; i++) {
                int bit = bit(left);
                if ((frame.page.getLong(at + BITS_AT + word(bit) * Long.BYTES) & 1L << bit) == 0) {
                    return true;
                }
                left >>>= PROBE_BITS;
            }
            return false;
        }

        synchronized void forget(int at, long pageId) {
            if (frame.page.getLong(at) == pageId) {
                frame.page.putLong(at, Frame.NONE);
            }
        }

        synchronized Frame giveBack() {
            Frame given = frame;
            frame = null;
            return given;
        }
    }

    /** The bit that the hash's lowest part stands for. */
    private static int bit(long hash) {
        return (int) ((hash & (1 << PROBE_BITS) - 1) * BITS >>> PROBE_BITS);
    }

    private static int word(int bit) {
        return bit / Long.SIZE;
    }

    /** Whether the key is certainly not in the leaf, as of the LSN at which the caller reads. */
    boolean lacks(long pageId, long lsn, byte[] key) {
        Piece piece = framesInUse == 0 ? null : pieces.get(piece(pageId));
        if (piece == null || !piece.lacks(at(pageId), pageId, lsn, Keys.hash(key))) {
            return false;
        }
        spared.inc();
        return true;
    }

    /** Somebody has looked for a key in vain. */
    void keyNotFound() {
        int now = wanted;
        if (now < LEAVES_MAX) {
            wanted = now + LEAVES_FOR_ONE;
        }
    }

    /** An entry that changed the page is about to be published. */
    void forget(long pageId) {
        Piece piece = framesInUse == 0 ? null : pieces.get(piece(pageId));
        if (piece != null) {
            piece.forget(at(pageId), pageId);
        }
    }

    /**
     * Makes the filter of a page that leaves, if it is a leaf and filters are wanted.
     *
     * @param frame with the newest version of a page, closed, in no table
     * @return whether the frame is kept, for filters to lie in
     */
    boolean keeps(Frame frame) {
        if (wanted <= 0 || pieces.length() == 0 || PageHeader.type(frame.page) != PageType.LEAF) {
            return false;
        }
        wanted--;
        make(frame.page);
        long pageId = frame.pageId;
        long lsn = frame.from;
        Piece piece = pieces.get(piece(pageId));
        boolean kept = piece == null;
        if (kept) {
            frame.pageId = Frame.NONE;
            piece = new Piece(frame, perFrame);
            pieces.set(piece(pageId), piece);
            framesInUse = framesInUse + 1;
        }
        piece.put(at(pageId), pageId, lsn, made);
        return kept;
    }

    private void make(ByteBuffer leaf) {
        for (int i = 0; i < WORDS; i++) {
            made[i] = 0;
        }
        for (int slot = SlottedPage.count(leaf) - 1; slot >= 0; slot--) {
            long hash = Keys.hash(leaf, slot);
            for (int i = 0; i < PROBES; i++) {
                int bit = bit(hash);
                made[word(bit)] |= 1L << bit;
                hash >>>= PROBE_BITS;
            }
        }
    }

    /** A frame that filters lay in, which are gone; null when there is none. */
    Frame giveBack() {
        for (int i = 0; framesInUse > 0 && i < pieces.length(); i++) {
            Piece piece = pieces.get(i);
            if (piece != null) {
                pieces.set(i, null);
                framesInUse = framesInUse - 1;
                return piece.giveBack();
            }
        }
        return null;
    }

    private int piece(long pageId) {
        return (int) (pageId / perFrame % pieces.length());
    }

    private int at(long pageId) {
        return (int) (pageId % perFrame) * FILTER_BYTES;
    }
}
