package io.tidemark.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.AllocateIncarnation;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.ExpireSessions;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.ObserveContents;
import io.tidemark.engine.log.Operation.OpenSession;
import io.tidemark.engine.log.Operation.Put;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);

    @Test
    void theGoldenEntryIsReadAndWrittenByteForByte() throws IOException {
        byte[] golden;
        try (InputStream in = EntryCodecTest.class.getResourceAsStream("entry-v1.hex")) {
            golden = HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
        assertEquals(HexFormat.of().formatHex(golden), HexFormat.of().formatHex(EntryCodec.encode(oneOfEach())));
        assertEquals(20, EntryCodec.decode(golden).commands().size());
    }

    private static Entry oneOfEach() {
        SessionRef session = new SessionRef(new Version(7, 1), 3, 2);
        return new Entry(
                1_700_000_000_000L,
                List.of(
                        new Command(session, new Put("files", KEY, new byte[] {1, 2, 3}, Precondition.ABSENT)),
                        Command.of(new Delete("files", KEY, new Precondition.VersionIs(new Version(5, 0)))),
                        Command.of(new OpenSession()),
                        Command.of(new ExpireSessions(99)),
                        Command.of(new AdvanceHighWater(1, 9, "h/log/1-9.seg", 123, new byte[32], 0x1122334455667788L)),
                        Command.of(new HistoryStarted("h2", "h1", 9)),
                        Command.of(new AllocateIncarnation("n1")),
                        Command.of(new ObserveContents()),
                        Command.of(new Operation.Begin(60_000)),
                        new Command(session, 9, new Put("files", KEY, new byte[] {4}, Precondition.NONE)),
                        Command.in(9, new Operation.Savepoint()),
                        Command.in(9, new Operation.LockKey("files", KEY)),
                        Command.in(9, new Operation.LockRange("files", null, KEY)),
                        Command.in(9, new Operation.Commit(16)),
                        Command.in(9, new Operation.Rollback(16)),
                        Command.in(9, new Operation.RollbackTo(3, 16)),
                        Command.of(new Operation.RollbackSlice(9, 40, 16)),
                        Command.of(new Operation.CleanSlice(9, 40, 16)),
                        Command.of(new Operation.ExpireTransactions(1_700_000_000_000L)),
                        Command.of(new Operation.DeleteRange("files", KEY, null, 256))));
    }

    @Test
    void e3_whatOnlyATransactionCanAskForNamesOneAndItsLimitsHold() {
        refused(Command.of(new Operation.Commit(1)), "needs a transaction");
        refused(Command.in(9, new OpenSession()), "takes no transaction");
        refused(Command.in(-1, new Operation.Savepoint()), "1 and up");
        refused(Command.of(new Operation.Begin(0)), "1 to 86400000");
        refused(Command.in(9, new Operation.Commit(129)), "0 to 128");
        refused(Command.of(new Operation.RollbackSlice(9, 5, 0)), "1 to 128");
        refused(Command.in(9, new Operation.LockRange("default", KEY, KEY)), "behind its first key");
    }

    @Test
    void e3_anEntryThatCouldNotBeAppliedIsRefusedBeforeItIsProposed() {
        refused(put("default", new byte[0], 1), "1 to 2048 bytes");
        refused(put("default", new byte[EntryLimits.KEY_BYTES_MAX + 1], 1), "1 to 2048 bytes");
        refused(put("default", KEY, EntryLimits.VALUE_BYTES_MAX + 1), "16777216");
        refused(put("sys.state", KEY, 1), "do not begin with sys.");
        refused(put("no/slash", KEY, 1), "A-Z a-z 0-9");
        refused(put("", KEY, 1), "A-Z a-z 0-9");
        EntryLimits.check(new Entry(0, List.of(put("default", KEY, EntryLimits.VALUE_BYTES_MAX))));
        Command large = put("default", KEY, EntryLimits.VALUE_BYTES_MAX);
        TidemarkException twoLarge =
                assertThrows(TidemarkException.class, () -> EntryLimits.check(new Entry(0, List.of(large, large))));
        assertTrue(twoLarge.getMessage().contains("at most " + EntryLimits.ENTRY_BYTES_MAX), twoLarge::getMessage);
    }

    @Test
    void m3_anEntryIsBookkeepingOnlyIfNoClientAskedForAnyOfIt() {
        Command advance = Command.of(new AdvanceHighWater(0, 1, "o", 1, new byte[32], 0));
        assertTrue(new Entry(0, List.of(advance)).isBookkeeping());
        assertEquals(false, new Entry(0, List.of(advance, put("default", KEY, 1))).isBookkeeping());
    }

    private static Command put(String keyspace, byte[] key, int valueBytes) {
        return Command.of(new Put(keyspace, key, new byte[valueBytes], Precondition.NONE));
    }

    private static void refused(Command command, String because) {
        TidemarkException e = assertThrows(TidemarkException.class, () -> EntryLimits.check(command));
        assertEquals(ErrorKind.INVALID, e.kind());
        assertTrue(e.getMessage().contains(because), e::getMessage);
    }
}
