package io.tidemark.recovery.crash;

import io.tidemark.engine.Engine;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.page.PageHeader;
import io.tidemark.engine.store.MemoryColdPages;
import io.tidemark.engine.store.PageImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** An engine that applies a log without a crash, a restart or a flush it was asked for: its chain and pages at each LSN. */
final class Reference {
    private final Engine engine;
    private final MemoryColdPages cold;
    private final List<Long> chains = new ArrayList<>();
    private final List<Integer> pages = new ArrayList<>();

    /** @param cold gets every image that any checkpoint of this log can have; null where there is none */
    Reference(StoreOnDisk store, MemoryColdPages cold) {
        this.cold = cold;
        engine = store.open(new SimulatedDisk());
        pages.add(pagesCrc(engine));
    }

    List<Reply> apply(LogEntry entry) {
        List<Reply> replies = engine.apply(entry);
        chains.add(engine.state().redoChain());
        pages.add(pagesCrc(engine));
        if (cold != null) {
            keepChanged(entry.lsn());
        }
        return replies;
    }

    private void keepChanged(long lsn) {
        for (long id = 0; id < engine.inspection().pageIds(); id++) {
            ByteBuffer page = engine.inspection().page(id);
            if (PageHeader.lsn(page) == lsn) {
                cold.add(new PageImage(id, lsn, PageHeader.seal(page), page));
            }
        }
    }

    MemoryColdPages cold() {
        return cold;
    }

    /** The log is at its end. */
    void end() {
        engine.abandon();
    }

    long chain(long lsn) {
        return lsn < 0 ? 0 : chains.get((int) lsn);
    }

    int pages(long lsn) {
        return pages.get((int) lsn + 1);
    }

    /** Over every page, its own CRC field left out: that is set on the way to the disk only. */
    static int pagesCrc(Engine engine) {
        CRC32C crc = new CRC32C();
        for (long id = 0; id < engine.inspection().pageIds(); id++) {
            ByteBuffer page = engine.inspection().page(id);
            crc.update(page.putInt(PageHeader.CRC_OFFSET, 0).array());
        }
        return (int) crc.getValue();
    }
}
