package io.tidemark.engine;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.StorageEngine.State;
import io.tidemark.engine.btree.Catalog;
import io.tidemark.engine.buffer.BufferPool;
import io.tidemark.engine.buffer.EntryPages;
import io.tidemark.engine.buffer.Flush;
import io.tidemark.engine.buffer.Frame;
import io.tidemark.engine.buffer.ReadTimes;
import io.tidemark.engine.buffer.SnapshotHold;
import io.tidemark.engine.buffer.Use;
import io.tidemark.engine.checkpoint.Position;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.CheckpointRecord;
import io.tidemark.engine.store.NoDisk;
import io.tidemark.engine.store.PageImage;
import io.tidemark.engine.txn.TransactionView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The concurrent parts together, by a model checker and under stress: frame table, pins, versions, eviction, flushes and
 * the handshake between readers and the writer. Two pages always hold the same number after an entry: whoever reads them
 * sees one entry's.
 */
public class VersionsLincheckTest {
    private static final int PAGE_BYTES = 1024;
    private static final int NUMBER_AT = 64;
    private static final int FRAMES = 8;
    private static final int VERSIONS_MAX = 2;
    private static final int READERS = 3;

    /** Of each kind; {@code -Dtidemark.long=true} tries more. */
    private static final int SCENARIOS = Boolean.getBoolean("tidemark.long") ? 20 : 2;

    private final Pages store = new Pages();
    private final ReaderSlots readers = new ReaderSlots(READERS, new Gate(Halt.THROW));
    private final BufferPool pool = new BufferPool(
            store,
            PAGE_BYTES,
            FRAMES * PAGE_BYTES,
            VERSIONS_MAX,
            readers,
            new ReadTimes(System::nanoTime),
            new MetricRegistry());
    private final EntryPages entry = new EntryPages(pool, readers, 4);
    private long lsn;

    public VersionsLincheckTest() {
        readers.furnish(pool);
        publish();
    }

    /** Adds one to both pages, in an entry that may change them in place. */
    @Operation(nonParallelGroup = "writer")
    public void writeBriefly() {
        write(true);
    }

    /** Adds one to both pages, in an entry that copies what it changes. */
    @Operation(nonParallelGroup = "writer")
    public void writeAtLength() {
        write(false);
    }

    private void write(boolean brief) {
        lsn++;
        entry.begin(lsn, 0, brief);
        for (long page = 1; page <= 2; page++) {
            Frame frame = entry.hold(page);
            entry.change(frame);
            frame.page().putLong(NUMBER_AT, frame.page().getLong(NUMBER_AT) + 1);
        }
        entry.complete();
        publish();
    }

    private void publish() {
        State state = new State(lsn, 1, 0, -1, "", "", -1, 0, List.of(), new byte[0], -1);
        readers.publish(new Published(
                new Position(lsn, 1, 0, 0), Catalog.EMPTY, state, TransactionView.NONE, OptionalLong.empty(), 9));
        entry.published();
    }

    /** Writes what is dirty to disk, as a cleaner would between entries. */
    @Operation(nonParallelGroup = "writer")
    public void flush() {
        Flush flush = pool.beginFlush(4);
        List<PageImage> images = new ArrayList<>();
        for (int i = 0; i < flush.frames().size(); i++) {
            ByteBuffer copy =
                    ByteBuffer.allocate(PAGE_BYTES).put(0, flush.frames().get(i).page(), 0, PAGE_BYTES);
            images.add(new PageImage(PageHeader.id(copy), PageHeader.lsn(copy), 0, copy));
            flush.copied(i);
        }
        store.flush(images, CheckpointRecord.EMPTY);
        pool.flushed(flush);
    }

    /** Both numbers, read one after the other at one boundary. */
    @Operation
    public String read() {
        ReadPlace place = readers.enter();
        try {
            return number(place, 1) + "," + number(place, 2);
        } finally {
            readers.exit(place);
        }
    }

    /** Both numbers by a snapshot, each in a stay of its own, while other pages pass through the pool. */
    @Operation
    public String readSnapshot() {
        ReadPlace first = readers.enter();
        Published boundary = first.boundary();
        SnapshotHold hold = pool.snapshots().open(first.lsn());
        try {
            String read = number(first, 1) + ",";
            readers.exit(first);
            ReadPlace second = readers.enter(boundary, hold);
            try {
                number(second, 3);
                return read + number(second, 2);
            } finally {
                readers.exit(second);
            }
        } finally {
            pool.snapshots().close(hold);
        }
    }

    private static long number(ReadPlace place, long page) {
        Frame frame = place.pages.pin(page, Use.POINT);
        try {
            return frame.page().getLong(NUMBER_AT);
        } finally {
            place.pages.unpin(frame);
        }
    }

    @Test
    void e5_noInterleavingShowsHalfAnEntry() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(SCENARIOS)
                .invocationsPerIteration(200)
                .sequentialSpecification(TwoNumbers.class)
                .check(VersionsLincheckTest.class);
    }

    @Test
    @EnabledIfSystemProperty(named = "tidemark.long", matches = "true")
    void e5_underStressNoReaderSeesHalfAnEntry() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(4)
                .iterations(SCENARIOS)
                .invocationsPerIteration(300)
                .sequentialSpecification(TwoNumbers.class)
                .check(VersionsLincheckTest.class);
    }

    /** What it should look like from outside. */
    public static class TwoNumbers {
        private long number;

        public void writeBriefly() {
            number++;
        }

        public void writeAtLength() {
            number++;
        }

        public void flush() {
            // Nobody sees it.
        }

        public String read() {
            return number + "," + number;
        }

        public String readSnapshot() {
            return read();
        }
    }

    /** Pages in memory; what was never written holds zero. */
    private static final class Pages extends NoDisk {
        private final Map<Long, byte[]> pages = new HashMap<>();

        @Override
        public synchronized void read(long pageId, ByteBuffer target, boolean again) {
            byte[] page = pages.get(pageId);
            if (page == null) {
                page = new byte[PAGE_BYTES];
                ByteBuffer.wrap(page).putLong(PageHeader.ID_OFFSET, pageId);
            }
            target.put(page);
        }

        @Override
        public synchronized void flush(Collection<PageImage> images, CheckpointRecord checkpoint) {
            images.forEach(image -> pages.put(image.pageId(), image.bytes().array()));
        }

        @Override
        public long pageLsn(long pageId) {
            return 0;
        }

        @Override
        public boolean contains(long pageId) {
            return true;
        }
    }
}
