package io.tidemark.engine.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.error.ErrorKind;
import io.tidemark.engine.error.TidemarkException;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.AllocateIncarnation;
import io.tidemark.engine.log.Operation.Delete;
import io.tidemark.engine.log.Operation.DeleteRange;
import io.tidemark.engine.log.Operation.ExpireSessions;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.ObserveContents;
import io.tidemark.engine.log.Operation.OpenSession;
import io.tidemark.engine.log.Operation.Put;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EntryCodecProperties {

    @Property(tries = 300)
    void whatIsEncodedIsReadBackByteForByte(@ForAll("entries") Entry entry) {
        byte[] bytes = EntryCodec.encode(entry);
        EntryLimits.check(entry);
        assertArrayEquals(bytes, EntryCodec.encode(EntryCodec.decode(bytes)));
        int commands =
                entry.commands().stream().mapToInt(EntryCodec::encodedBytes).sum();
        assertEquals(bytes.length, 13 + commands);
    }

    /** r17: bytes from outside never make the decoder read, allocate or fail past its own refusal. */
    @Property(tries = 1000)
    void damagedBytesAreRefusedOrReadAsAnotherEntry(
            @ForAll("entries") Entry entry, @ForAll int position, @ForAll byte value, @ForAll boolean cut) {
        byte[] bytes = EntryCodec.encode(entry);
        int at = Math.floorMod(position, bytes.length);
        bytes[at] = value;
        byte[] damaged = cut ? Arrays.copyOf(bytes, at) : bytes;
        try {
            EntryCodec.decode(damaged);
        } catch (TidemarkException e) {
            assertEquals(ErrorKind.INVALID, e.kind());
        }
    }

    @Provide
    Arbitrary<Entry> entries() {
        return Combinators.combine(
                        Arbitraries.longs(), commands().list().ofMinSize(1).ofMaxSize(6))
                .as(Entry::new);
    }

    private static Arbitrary<Command> commands() {
        Arbitrary<SessionRef> sessions = Combinators.combine(
                        versions(), Arbitraries.longs().greaterOrEqual(1))
                .as((version, sequence) -> new SessionRef(version, sequence, sequence - 1));
        Arbitrary<Long> transactions = Arbitraries.longs().greaterOrEqual(1);
        Arbitrary<Command> outside =
                Combinators.combine(sessions.injectNull(0.5), operations()).as(Command::new);
        Arbitrary<Command> inside = Combinators.combine(
                        sessions.injectNull(0.5), transactions, operationsOfTransactions())
                .as(Command::new);
        return Arbitraries.oneOf(outside, inside);
    }

    private static Arbitrary<Version> versions() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.integers()).as(Version::new);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.strings()
                .withChars("abcXYZ019._-")
                .ofMinLength(1)
                .ofMaxLength(20)
                .filter(n -> !n.startsWith(EntryLimits.SYSTEM_PREFIX));
    }

    private static Arbitrary<byte[]> keys() {
        return Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(300);
    }

    private static Arbitrary<Operation> operationsOfTransactions() {
        Arbitrary<Integer> rows = Arbitraries.integers().between(0, EntryLimits.SLICE_ROWS_MAX);
        Arbitrary<byte[]> values = Arbitraries.bytes().array(byte[].class).ofMaxSize(500);
        return Arbitraries.oneOf(
                Combinators.combine(names(), keys(), values, Arbitraries.just(Precondition.NONE))
                        .as(Put::new),
                Combinators.combine(names(), keys(), Arbitraries.just(Precondition.ABSENT))
                        .as(Delete::new),
                Arbitraries.of(new Operation.Savepoint()),
                Combinators.combine(names(), keys()).as(Operation.LockKey::new),
                Combinators.combine(names(), keys().injectNull(0.5))
                        .as((name, from) -> from == null
                                ? new Operation.LockRange(name, null, null)
                                : new Operation.LockRange(name, from, Arrays.copyOf(from, from.length + 1))),
                rows.map(Operation.Commit::new),
                rows.map(Operation.Rollback::new),
                rows.map(n -> new Operation.RollbackTo(n + 1L, n)));
    }

    private static Arbitrary<Operation> operations() {
        Arbitrary<String> names = names();
        Arbitrary<byte[]> keys = keys();
        Arbitrary<byte[]> values = Arbitraries.bytes().array(byte[].class).ofMaxSize(500);
        Arbitrary<byte[]> hashes = Arbitraries.bytes().array(byte[].class).ofSize(32);
        Arbitrary<Precondition> conditions = Arbitraries.oneOf(
                Arbitraries.of(Precondition.NONE, Precondition.ABSENT),
                versions().map(Precondition.VersionIs::new));
        Arbitrary<Long> longs = Arbitraries.longs();
        return Arbitraries.oneOf(
                Combinators.combine(names, keys, values, conditions).as(Put::new),
                Combinators.combine(names, keys, conditions).as(Delete::new),
                Combinators.combine(
                                names,
                                keys.injectNull(0.5),
                                Arbitraries.integers().between(32, 0xFFFF))
                        .as((name, from, pages) -> new DeleteRange(
                                name, from, from == null ? null : Arrays.copyOf(from, from.length + 1), pages)),
                Arbitraries.of(new OpenSession(), new ObserveContents()),
                longs.map(ExpireSessions::new),
                Combinators.combine(longs, longs, names, longs, hashes, longs).as(AdvanceHighWater::new),
                Combinators.combine(longs, longs, longs, longs, names, longs, hashes)
                        .as(Operation.CheckpointShipped::new),
                Combinators.combine(names, names, longs).as(HistoryStarted::new),
                names.map(AllocateIncarnation::new),
                Arbitraries.longs()
                        .between(1, EntryLimits.TRANSACTION_TIMEOUT_MILLIS_MAX)
                        .map(Operation.Begin::new),
                longs.map(Operation.ExpireTransactions::new),
                longs.map(lsn -> new Operation.RaiseFloor(lsn & Long.MAX_VALUE, 7)),
                longs.map(Operation.FloorNamed::new),
                Combinators.combine(longs, longs).as((below, swept) -> new Operation.CollectGarbage(below, swept, 9)),
                Combinators.combine(names, longs).as((name, lsn) -> new Operation.Pin(name, lsn & Long.MAX_VALUE)),
                names.map(Operation.Unpin::new),
                longs.filter(tx -> tx > 0).map(tx -> new Operation.RollbackSlice(tx, 7, 3)),
                longs.filter(tx -> tx > 0).map(tx -> new Operation.CleanSlice(tx, 7, 3)));
    }
}
