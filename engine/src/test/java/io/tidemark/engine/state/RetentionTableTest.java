package io.tidemark.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.Retention;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.EntryLimits;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Operation.AdvanceHighWater;
import io.tidemark.engine.log.Operation.CheckpointShipped;
import io.tidemark.engine.log.Operation.CollectGarbage;
import io.tidemark.engine.log.Operation.FloorNamed;
import io.tidemark.engine.log.Operation.HistoryStarted;
import io.tidemark.engine.log.Operation.ObserveContents;
import io.tidemark.engine.log.Operation.Pin;
import io.tidemark.engine.log.Operation.RaiseFloor;
import io.tidemark.engine.log.Operation.Unpin;
import io.tidemark.engine.log.Reply;
import io.tidemark.engine.log.Reply.Status;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetentionTableTest {
    private static final byte[] HASH = new byte[32];

    private final MapTrees trees = new MapTrees();
    private CommandInterpreter interpreter = new CommandInterpreter(trees);
    private long lsn = -1;
    private long millis = 1_000;

    /** Checkpoints at 10, 20, 30 and 40, shipped at 1,000, 2,000, 3,000 and 4,000 by the log's clock. */
    @BeforeEach
    void shipFour() {
        for (int i = 1; i <= 4; i++) {
            millis = 1_000L * i;
            checkpoint(10L * i);
        }
    }

    private Reply apply(Operation operation) {
        byte[] payload = EntryCodec.encode(new Entry(millis, List.of(Command.of(operation))));
        return interpreter
                .apply(new LogEntry(++lsn, 1, EntryKind.COMMANDS, payload))
                .get(0);
    }

    private void checkpoint(long at) {
        while (lsn <= at) {
            apply(new ObserveContents());
        }
        apply(new AdvanceHighWater(interpreter.state(lsn, 1, 0).shipped() + 1, at, "object", 1, HASH, 0));
        long base = interpreter.state(lsn, 1, 0).checkpoint().lsn();
        assertEquals(
                Status.OK,
                apply(new CheckpointShipped(base, at, 1, 7, "h/" + at, 512, HASH))
                        .status());
    }

    private Retention now() {
        return interpreter.state(lsn, 1, 0).retention();
    }

    private List<Long> kept() {
        return now().checkpoints().stream().map(Retention.Kept::lsn).toList();
    }

    private void assertStatus(Status expected, Operation operation) {
        assertEquals(expected, apply(operation).status(), operation.toString());
    }

    @Test
    void ct6_theFloorIsACheckpointsLsnAndOnlyRises() {
        assertStatus(Status.REFUSED, new RaiseFloor(15, 0));
        assertStatus(Status.REFUSED, new RaiseFloor(50, 0));
        assertEquals(-1, now().floor());

        assertStatus(Status.OK, new RaiseFloor(30, 0));
        assertEquals(30, now().floor());
        assertEquals(List.of(20L, 30L, 40L), kept(), "and the one that the floor's goes on from");

        Reply back = apply(new RaiseFloor(20, 0));
        assertEquals(Status.REFUSED, back.status());
        assertEquals(30, back.version().lsn());
        assertStatus(Status.REFUSED, new RaiseFloor(30, 0));
        assertStatus(Status.OK, new RaiseFloor(40, 0));
        assertEquals(List.of(30L, 40L), kept());
    }

    @Test
    void ct6_theFloorStopsAtPins() {
        assertStatus(Status.OK, new Pin("audit", 25));
        assertStatus(Status.REFUSED, new RaiseFloor(30, 0));
        assertStatus(Status.OK, new RaiseFloor(20, 0));
        assertStatus(Status.REFUSED, new RaiseFloor(40, 0));

        assertStatus(Status.OK, new Unpin("audit"));
        assertStatus(Status.NOT_FOUND, new Unpin("audit"));
        assertStatus(Status.OK, new RaiseFloor(40, 0));
    }

    @Test
    void ct6_onlyWhatIsThereIsPinned() {
        apply(new RaiseFloor(20, 0));
        assertStatus(Status.REFUSED, new Pin("gone", 19));
        assertStatus(Status.REFUSED, new Pin("ahead", lsn + 1));
        assertStatus(Status.OK, new Pin("floor", 20));
        assertStatus(Status.OK, new Pin("floor", 20));
        Reply taken = apply(new Pin("floor", 30));
        assertEquals(Status.CONDITION_FAILED, taken.status());
        assertEquals(20, taken.version().lsn());
        assertEquals(List.of(new Retention.Pin("floor", 20)), now().pins());
    }

    @Test
    void e7_howOldACheckpointIsTheLogsClockSays() {
        millis = 4_500;
        assertStatus(Status.REFUSED, new RaiseFloor(30, 1_501));
        assertStatus(Status.OK, new RaiseFloor(30, 1_500));
    }

    @Test
    void x3_garbageIsCollectedAGracePeriodAfterAManifestSaidSo() {
        apply(new RaiseFloor(30, 0));
        assertStatus(Status.REFUSED, new CollectGarbage(30, -1, 0));
        assertStatus(Status.REFUSED, new FloorNamed(20));
        assertStatus(Status.OK, new FloorNamed(30));
        assertStatus(Status.REFUSED, new FloorNamed(30));
        millis = 4_999;
        assertStatus(Status.REFUSED, new CollectGarbage(30, -1, 1_000));
        millis = 5_000;
        assertStatus(Status.REFUSED, new CollectGarbage(20, -1, 1_000));
        assertStatus(Status.OK, new CollectGarbage(30, -1, 1_000));
        assertEquals(30, now().collected());
        assertStatus(Status.REFUSED, new CollectGarbage(30, -1, 1_000));
    }

    @Test
    void x3_whatNothingLeadsToGoesAGracePeriodAfterACheckpointPassedIt() {
        millis = 4_500;
        assertStatus(Status.REFUSED, new CollectGarbage(-1, 40, 1_000));
        assertStatus(Status.REFUSED, new CollectGarbage(-1, 25, 1_000));
        assertStatus(Status.OK, new CollectGarbage(-1, 30, 1_000));
        assertEquals(30, now().swept());
        assertStatus(Status.REFUSED, new CollectGarbage(-1, 20, 1_000));
    }

    @Test
    void p7_allOfItIsRowsAndOutlivesARestart() {
        apply(new Pin("a", 35));
        apply(new Pin("b", 36));
        apply(new RaiseFloor(30, 0));
        apply(new FloorNamed(30));
        apply(new CollectGarbage(30, 40, 0));
        Retention before = now();

        interpreter = new CommandInterpreter(trees);
        assertEquals(before, now());
    }

    @Test
    void h2_aNewHistoryKeepsTheFloorAndHasNoPins() {
        apply(new Pin("a", 35));
        apply(new RaiseFloor(30, 0));
        apply(new HistoryStarted("child", "parent", lsn));
        assertEquals(30, now().floor());
        assertEquals(List.of(), now().pins());
        interpreter = new CommandInterpreter(trees);
        assertEquals(List.of(), now().pins());
    }

    @Test
    void e2_oneCommandGivesUpABoundedNumberOfCheckpoints() {
        for (int i = 5; i < 10 + EntryLimits.CHECKPOINTS_GIVEN_UP_MAX; i++) {
            checkpoint(10L * i);
        }
        long newest = kept().get(kept().size() - 1);
        assertStatus(Status.REFUSED, new RaiseFloor(newest, 0));
        long reachable = now().reachable(newest);
        assertEquals(10L * (EntryLimits.CHECKPOINTS_GIVEN_UP_MAX + 1), reachable);
        assertStatus(Status.OK, new RaiseFloor(reachable, 0));
        assertStatus(Status.OK, new RaiseFloor(now().reachable(newest), 0));
        assertEquals(newest, now().floor());
    }
}
