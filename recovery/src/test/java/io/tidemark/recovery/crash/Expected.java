package io.tidemark.recovery.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.Engine;
import io.tidemark.engine.StorageEngine.Row;
import io.tidemark.engine.StorageEngine.Scan;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * What an engine must be at each LSN of a log: its keys and replicated facts as the model has them, its chain and the
 * bytes of its pages as the script's {@link Reference} had them.
 */
final class Expected {
    private final LogScript script;
    private long chainsFrom;

    Expected(LogScript script) {
        this.script = script;
    }

    /** The store began at that LSN: what was before it is not known (rule W3). */
    void knowsChainsFrom(long lsn) {
        chainsFrom = lsn;
    }

    long chain(long lsn) {
        return script.reference().chain(lsn);
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
        checkMeaning(engine);
        assertEquals(script.reference().pages(lsn), Reference.pagesCrc(engine), "CRC of all pages at LSN " + lsn);
        engine.inspection().checkStructure();
    }

    /** What the log means, whatever pages it is kept in. */
    void checkMeaning(Engine engine) {
        checkRows(engine);
        checkTransactions(engine, script.model(engine.state().applied()));
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
        for (long at = Math.max(chainsFrom, engine.state().shipped()); at <= lsn; at++) {
            assertTrue(engine.chainAt(at).isPresent(), "chain of LSN " + at + " is unknown at " + lsn);
        }
    }

    /** What everybody sees. */
    void checkRows(Engine engine) {
        LogModel model = script.model(engine.state().applied());
        assertEquals(List.copyOf(model.keyspaces.keySet()), engine.keyspaces());
        model.committed().forEach((space, rows) -> {
            Scan scan = engine.scan(space, null, null, Integer.MAX_VALUE, Long.MAX_VALUE);
            checkRows(space, rows, scan.rows());
            assertTrue(rows.isEmpty() || scan.rows().get(0).readLsn() == model.applied());
        });
    }

    /** Which are open, and what each sees; its locks tell themselves by what the log goes on with. */
    private static void checkTransactions(Engine engine, LogModel model) {
        List<Long> open =
                Arrays.stream(engine.transactions().open().ids()).boxed().toList();
        assertEquals(model.transactions.open(), open, "open transactions");
        assertEquals(
                model.transactions.work(1).isPresent(), engine.work().isPresent(), "work for the owner of the log");
        for (long id : open) {
            model.transactions.seenBy(id).forEach((space, rows) -> {
                Scan scan = engine.scan(id, space, null, null, Integer.MAX_VALUE, Long.MAX_VALUE);
                checkRows(space + " as transaction " + id + " sees it", rows, scan.rows());
            });
        }
    }

    static void checkRows(String space, TreeMap<String, LogModel.Held> rows, List<Row> scanned) {
        TreeMap<String, LogModel.Held> found = new TreeMap<>();
        for (Row row : scanned) {
            found.put(LogModel.text(row.key()), new LogModel.Held(ByteBuffer.wrap(row.value()), row.version()));
        }
        if (!rows.equals(found)) {
            assertEquals(rows.keySet(), found.keySet(), "keys of " + space);
            rows.forEach((key, held) -> assertEquals(held, found.get(key), key + " of " + space));
        }
        assertEquals(rows.size(), scanned.size());
    }
}
