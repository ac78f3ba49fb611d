package io.tidemark.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.StorageEngine.Checkpoint;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.ObserveContents;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointRowTest {
    private static final byte[] HASH = new byte[32];

    static {
        Arrays.fill(HASH, (byte) 0xab);
    }

    private final MapTrees trees = new MapTrees();
    private CommandInterpreter interpreter = new CommandInterpreter(trees);
    private long lsn = -1;
    private long term = 1;

    private Reply apply(Operation operation) {
        byte[] payload = EntryCodec.encode(new Entry(1000, List.of(Command.of(operation))));
        return interpreter
                .apply(new LogEntry(++lsn, term, EntryKind.COMMANDS, payload))
                .get(0);
    }

    private void shippedThrough(long last) {
        while (lsn <= last) {
            apply(new ObserveContents());
        }
        apply(new AdvanceHighWater(shipped() + 1, last, "object", 1, HASH, 0));
        assertEquals(last, shipped());
    }

    private long shipped() {
        return interpreter.state(lsn, term, 0).shipped();
    }

    private Checkpoint newest() {
        return interpreter.state(lsn, term, 0).checkpoint();
    }

    private Reply ship(long base, long at, long atTerm) {
        return apply(new CheckpointShipped(base, at, atTerm, 77, "h/checkpoint/" + at + ".root", 512, HASH));
    }

    @Test
    void ct3_aCheckpointIsTakenOnlyIfItGoesOnFromTheNewestAndIsShippedWhole() {
        shippedThrough(9);

        assertEquals(Status.REFUSED, ship(-1, 10, 1).status(), "past the shipped mark");
        assertEquals(Status.REFUSED, ship(3, 9, 1).status(), "another base");
        assertEquals(Status.REFUSED, ship(-1, 9, 2).status(), "another term");
        assertEquals(Checkpoint.NONE, newest());

        assertEquals(Status.OK, ship(-1, 9, 1).status());
        assertEquals(
                new Checkpoint(
                        9, -1, 1, 77, "h/checkpoint/9.root", 512, HexFormat.of().formatHex(HASH)),
                newest());

        Reply again = ship(-1, 9, 1);
        assertEquals(Status.REFUSED, again.status());
        assertEquals(9, again.version().lsn());
        assertEquals(Status.REFUSED, ship(9, 9, 1).status(), "no step forward");
        shippedThrough(20);
        assertEquals(Status.OK, ship(9, 20, 1).status());
        assertEquals(9, newest().base());
    }

    @Test
    void ct3_theTermOfACheckpointIsThatOfItsEntry() {
        shippedThrough(5);
        term = 4;
        shippedThrough(12);
        assertEquals(Status.REFUSED, ship(-1, 5, 4).status());
        assertEquals(Status.OK, ship(-1, 5, 1).status());
        assertEquals(Status.REFUSED, ship(5, 12, 1).status());
        assertEquals(Status.OK, ship(5, 12, 4).status());
    }

    @Test
    void p7_theNewestCheckpointIsARowAndOutlivesAFork() {
        shippedThrough(9);
        ship(-1, 9, 1);
        Checkpoint before = newest();

        interpreter = new CommandInterpreter(trees);
        assertEquals(before, newest());

        apply(new HistoryStarted("child", "parent", lsn));
        assertEquals(before, newest());
    }
}
