package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.Halt;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Precondition;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.standalone.Store;
import io.tidemark.engine.standalone.StoreOptions;
import io.tidemark.engine.standalone.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the documentation: these very lines are compiled, run, and compared with what the pages show. */
class ExamplesTest {
    @TempDir
    Path directory;

    @Test
    void aStoreOfItsOwn() throws IOException {
        // standalone {
        try (Store store = Store.open(directory, StoreOptions.defaults())) {
            store.put("accounts", key("ann"), amount(70));
            WriteBatch batch = new WriteBatch().put("accounts", key("bob"), amount(30));
            store.write(batch.delete("accounts", key("cid"))); // both or none
            long moved = store.transact(tx -> {
                long ann = amount(tx.getForUpdate("accounts", key("ann")).orElseThrow());
                long bob = amount(tx.getForUpdate("accounts", key("bob")).orElseThrow());
                tx.put("accounts", key("ann"), amount(ann - 20));
                tx.put("accounts", key("bob"), amount(bob + 20));
                return 20L;
            });
            try (Snapshot snapshot = store.snapshot()) {
                store.delete("accounts", key("bob"));
                byte[] bob = snapshot.get("accounts", key("bob")).orElseThrow().value();
                assertEquals(30 + moved, amount(bob)); // and so it stays for this reader
            }
        }
        // }
        assertShown("standalone", "standalone/package-info.java");
    }

    @Test
    void aLogOfTheCallersOwn() throws IOException {
        EngineOptions options = EngineOptions.defaults();
        // log {
        try (Engine engine = Engine.open(directory, options, new MetricRegistry(), Halt.THROW)) {
            long lsn = engine.state().applied() + 1; // the log goes on where the engine is
            Operation put = new Operation.Put("files", key("a"), amount(1), Precondition.NONE);
            byte[] payload = EntryCodec.encode(new Entry(System.currentTimeMillis(), List.of(Command.of(put))));
            List<Reply> replies = engine.apply(new LogEntry(lsn, 1, EntryKind.COMMANDS, payload));
            assertEquals(Reply.Status.OK, replies.get(0).status());
            engine.updateLowWaterMark(lsn); // no other entry will ever have this LSN
            assertEquals(
                    1, amount(engine.read("files", key("a"), lsn).orElseThrow().value()));
            engine.requestSync().join();
            assertTrue(engine.durableLsn() >= lsn); // the log may forget it now
        }
        // }
        assertShown("log", "package-info.java");
    }

    @Test
    void marksOfTheLogNeverGoBackAndThePastIsReadWhereASnapshotHoldsIt() {
        EngineRig rig = new EngineRig(EngineRig.small());
        rig.apply(EngineRig.put("k", "0"));
        rig.apply(EngineRig.put("k", "1"));
        assertEquals(-1, rig.engine.lowWaterMark());
        rig.engine.updateLowWaterMark(1);
        assertEquals(1, rig.engine.lowWaterMark());
        assertEquals(-1, rig.engine.highWaterMark());
        assertKind(ErrorKind.INVALID, () -> rig.engine.updateLowWaterMark(0));
        rig.apply(new Operation.AdvanceHighWater(0, 1, "segment", 1, new byte[32], 0));
        assertEquals(1, rig.engine.highWaterMark());
        try (Snapshot snapshot = rig.engine.snapshot()) {
            assertEquals(2, snapshot.lsn());
            rig.apply(EngineRig.put("k", "3"));
            assertEquals("1", at(rig, 2));
            assertEquals("3", at(rig, 3));
            assertKind(ErrorKind.SNAPSHOT_TOO_OLD, () -> at(rig, 1));
            assertKind(ErrorKind.RETRY, () -> at(rig, 4));
        }
        assertKind(ErrorKind.SNAPSHOT_TOO_OLD, () -> at(rig, 2));
    }

    private static String at(EngineRig rig, long lsn) {
        return EngineRig.text(rig.engine
                .read(EngineRig.SPACE, EngineRig.bytes("k"), lsn)
                .orElseThrow()
                .value());
    }

    private static void assertKind(ErrorKind kind, Runnable call) {
        assertEquals(kind, assertThrows(TidemarkException.class, call::run).kind());
    }

    /** The lines between the marks stand in the page as they are here. */
    private static void assertShown(String example, String page) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/test/java/io/tidemark/engine/ExamplesTest.java"));
        int from = lines.indexOf("        // " + example + " {");
        int to = from + lines.subList(from, lines.size()).indexOf("        // }");
        String code = lines.subList(from + 1, to).stream()
                .map(line -> " * " + line.substring(8))
                .collect(Collectors.joining("\n"));
        String shown = Files.readString(Path.of("src/main/java/io/tidemark/engine", page));
        assertTrue(shown.contains(code), () -> page + " does not show\n" + code);
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] amount(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    private static long amount(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }
}
