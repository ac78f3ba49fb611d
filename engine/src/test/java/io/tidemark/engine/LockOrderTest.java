package io.tidemark.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.engine.log.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockOrderTest {
    private final EngineRig rig = new EngineRig(EngineRig.small());

    /** Replies are kept in session rows: one that differs makes replicas differ in their bytes. */
    @Test
    void p6_whichOfTwoHoldersAConflictNamesIsTheSameAfterARestart() {
        long first = begin();
        long second = begin();
        lock(second, "m", "n");
        lock(first, "a", "b");
        Reply before = deleteAll();
        rig.killAndReopen();
        assertEquals(before.number(), deleteAll().number());
    }

    private long begin() {
        return rig.apply(new Operation.Begin(60_000)).get(0).number();
    }

    private void lock(long transaction, String from, String to) {
        Operation lock = new Operation.LockRange(EngineRig.SPACE, EngineRig.bytes(from), EngineRig.bytes(to));
        byte[] payload = EntryCodec.encode(new Entry(1000, List.of(Command.in(transaction, lock))));
        long next = rig.engine.state().applied() + 1;
        Reply reply = rig.engine
                .apply(new LogEntry(next, 1, EntryKind.COMMANDS, payload))
                .get(0);
        assertEquals(Reply.Status.OK, reply.status());
    }

    private Reply deleteAll() {
        Reply reply = rig.apply(
                        new Operation.DeleteRange(EngineRig.SPACE, EngineRig.bytes("a"), EngineRig.bytes("z"), 40))
                .get(0);
        assertEquals(Reply.Status.CONFLICT, reply.status());
        return reply;
    }
}
