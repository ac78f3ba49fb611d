package io.tidemark.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.tidemark.engine.log.Command;
import io.tidemark.engine.log.Entry;
import io.tidemark.engine.log.EntryCodec;
import io.tidemark.engine.log.EntryKind;
import io.tidemark.engine.log.LogEntry;
import io.tidemark.engine.log.Operation;
import io.tidemark.raft.Member;
import io.tidemark.raft.NodeIdentity;
import io.tidemark.raft.machine.StubEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChainGuardTest {
    private final List<Member> members = List.of(
            new Member("n1", 1, "a:1", "a:2"), new Member("n2", 1, "b:1", "b:2"), new Member("n3", 1, "c:1", "c:2"));
    private final StubEngine engine = new StubEngine(50, 1);
    private final Map<String, Long> others = new HashMap<>();
    private final ChainGuard guard = new ChainGuard(
            new NodeIdentity("c", "h", new UUID(0, 1), members.get(0), members),
            engine,
            (http, lsn) -> others.containsKey(http) ? OptionalLong.of(others.get(http)) : OptionalLong.empty(),
            () -> members,
            new MetricRegistry());

    @Test
    void c1_aDifferenceIsRecordedWithItsLsn() {
        engine.chains.put(40L, 7L);
        assertFalse(guard.announced(advance(40, 7)));
        assertEquals(-1, guard.mismatch());
        assertTrue(guard.announced(advance(40, 8)));
        assertEquals(40, guard.mismatch());
        assertFalse(guard.announced(advance(41, 8)), "what it does not know it does not compare");
    }

    @Test
    void c1_onlyAMajorityTellsANodeToStop() {
        engine.chains.put(40L, 7L);
        assertFalse(guard.outvoted(40), "nobody answers");
        others.put("b:2", 8L);
        assertFalse(guard.outvoted(40), "one against one");
        others.put("c:2", 7L);
        assertFalse(guard.outvoted(40), "the other one is wrong");
        others.put("c:2", 8L);
        assertTrue(guard.outvoted(40));
    }

    private static LogEntry advance(long last, long chain) {
        Operation advance = new Operation.AdvanceHighWater(0, last, "segment", 1, new byte[32], chain);
        byte[] payload = EntryCodec.encode(new Entry(1, List.of(Command.of(advance))));
        return new LogEntry(last + 1, 1, EntryKind.COMMANDS, payload);
    }
}
