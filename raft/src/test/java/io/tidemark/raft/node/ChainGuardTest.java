package io.tidemark.raft.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.tidemark.raft.guard.UnfitException;
import io.tidemark.raft.machine.StubEngine;
import io.tidemark.raft.node.ChainGuard.Verdict;
import java.util.ArrayList;
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
    private int asked;
    private final ChainGuard guard = new ChainGuard(
            new NodeIdentity("c", "h", new UUID(0, 1), members.get(0), members),
            engine,
            this::chainOf,
            () -> members,
            new MetricRegistry());

    private final List<UnfitException> outvoted = new ArrayList<>();

    private void look() {
        guard.look(Runnable::run, outvoted::add);
    }

    @Test
    void c1_aDifferenceIsRecordedWithItsLsn() {
        engine.chains.put(40L, 7L);
        guard.announced(advance(40, 7), false);
        assertEquals(-1, guard.mismatch());
        guard.announced(advance(40, 8), false);
        assertEquals(40, guard.mismatch());
        guard.announced(advance(41, 8), false);
        assertEquals(40, guard.mismatch(), "what it does not know it does not compare");
    }

    @Test
    void c1_onlyAMajorityTellsANodeToStop() {
        engine.chains.put(40L, 7L);
        assertEquals(Verdict.UNDECIDED, guard.vote(40), "nobody answers");
        others.put("b:2", 8L);
        assertEquals(Verdict.UNDECIDED, guard.vote(40), "one against one");
        others.put("c:2", 7L);
        assertEquals(Verdict.SAME, guard.vote(40), "the other one is wrong");
        others.put("c:2", 8L);
        assertEquals(Verdict.OUTVOTED, guard.vote(40));
        assertEquals(Verdict.UNDECIDED, guard.vote(41), "it does not know its own");
    }

    @Test
    void c1_theLeaderAsksAtEachAdvanceForItsOwnWordIsNoComparison() {
        engine.chains.put(40L, 7L);
        others.put("b:2", 8L);
        guard.announced(advance(40, 7), true);
        look();
        assertEquals(List.of(), outvoted, "one against one");
        others.put("c:2", 8L);
        look();
        assertEquals(1, outvoted.size());
        assertEquals(40, guard.mismatch());
        look();
        assertEquals(1, outvoted.size(), "once");
    }

    @Test
    void c1_withoutAMajorityItIsAskedAgainNowAndThen() {
        engine.chains.put(40L, 7L);
        guard.announced(advance(40, 8), false);
        for (int i = 0; i < 1000; i++) {
            look();
        }
        assertTrue(asked > 20 && asked < 200, asked + " times");
        assertEquals(40, guard.mismatch(), "status says so");
        others.put("b:2", 7L);
        for (int i = 0; i < 40; i++) {
            look();
        }
        int decided = asked;
        look();
        assertEquals(decided, asked, "the leader was wrong: nothing is left to ask");
        assertEquals(List.of(), outvoted);
    }

    @Test
    void m3_aFollowerThatAgreesAsksNobody() {
        engine.chains.put(40L, 7L);
        guard.announced(advance(40, 7), false);
        look();
        assertEquals(0, asked);
    }

    private OptionalLong chainOf(String http, long lsn) {
        asked++;
        return others.containsKey(http) ? OptionalLong.of(others.get(http)) : OptionalLong.empty();
    }

    private static LogEntry advance(long last, long chain) {
        Operation advance = new Operation.AdvanceHighWater(0, last, "segment", 1, new byte[32], chain);
        byte[] payload = EntryCodec.encode(new Entry(1, List.of(Command.of(advance))));
        return new LogEntry(last + 1, 1, EntryKind.COMMANDS, payload);
    }
}
