package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import io.tidemark.engine.io.SimulatedDisk;
import io.tidemark.engine.page.PageHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What an engine must be at each LSN of a log: its keys and replicated facts as the model has them, its chain and the
 * bytes of its pages as an engine has them that applied the log without a crash, a restart or a flush it was asked for.
 */
final class Expected {
    private final LogScript script;
    private final List<Long> chains = new ArrayList<>();
    private final List<Integer> pages = new ArrayList<>();

    Expected(LogScript script, StoreOnDisk store) {
        this.script = script;
        Engine engine = store.open(new SimulatedDisk());
        pages.add(pagesCrc(engine));
        for (long lsn = 0; lsn <= script.last(); lsn++) {
            assertEquals(script.replies(lsn), engine.apply(script.entry(lsn)), "replies of LSN " + lsn);
            chains.add(engine.state().redoChain());
            pages.add(pagesCrc(engine));
        }
        engine.abandon();
    }

    long chain(long lsn) {
        return lsn < 0 ? 0 : chains.get((int) lsn);
    }

    /** {@link #checkState}, and that no chain value is missing that somebody may still ask for (rule W3). */
    void check(Engine engine) {
        checkState(engine);
        checkChains(engine);
    }

    /** The state as a whole: keys, facts, chain, every page's bytes and how they hang together. */
    void checkState(Engine engine) {
        long lsn = engine.state().applied();
        checkFacts(engine);
        checkRows(engine, script.model(lsn));
        assertEquals(pages.get((int) lsn + 1), pagesCrc(engine), "CRC of all pages at LSN " + lsn);
        engine.checkStructure();
    }

    /** What costs little: position and facts. Chain values may be unknown, but never others. */
    void checkFacts(Engine engine) {
        long lsn = engine.state().applied();
        assertEquals(chain(lsn), engine.state().redoChain(), "chain at LSN " + lsn);
        assertEquals(script.model(lsn).facts(), LogModel.facts(engine.state()));
        for (long at = 0; at <= lsn; at++) {
            assertEquals(chain(at), engine.chainAt(at).orElse(chain(at)), "chain of LSN " + at + ", asked at " + lsn);
        }
    }

    private void checkChains(Engine engine) {
        long lsn = engine.state().applied();
        for (long at = Math.max(0, engine.state().shipped()); at <= lsn; at++) {
            assertTrue(engine.chainAt(at).isPresent(), "chain of LSN " + at + " is unknown at " + lsn);
        }
    }

    private static void checkRows(Engine engine, LogModel model) {
        assertEquals(List.copyOf(model.keyspaces.keySet()), engine.keyspaces());
        model.keyspaces.forEach((space, rows) -> {
            TreeMap<String, LogModel.Held> found = new TreeMap<>();
            Scan scan = engine.scan(space, null, null, Integer.MAX_VALUE, Long.MAX_VALUE);
            for (Row row : scan.rows()) {
                found.put(LogModel.text(row.key()), new LogModel.Held(ByteBuffer.wrap(row.value()), row.version()));
            }
            if (!rows.equals(found)) {
                assertEquals(rows.keySet(), found.keySet(), "keys of " + space);
                rows.forEach((key, held) -> assertEquals(held, found.get(key), key + " of " + space));
            }
            assertEquals(rows.size(), scan.rows().size());
            assertTrue(rows.isEmpty() || scan.rows().get(0).readLsn() == model.applied());
        });
    }

    /** Over every page, its own CRC field left out: that is set on the way to the disk only. */
    private static int pagesCrc(Engine engine) {
        CRC32C crc = new CRC32C();
        for (long id = 0; id < engine.pageIds(); id++) {
            ByteBuffer page = engine.page(id);
            crc.update(page.putInt(PageHeader.CRC_OFFSET, 0).array());
        }
        return (int) crc.getValue();
    }
}
